import type { ExecutionContext } from 'ava';
import { folderWith } from '../_folder.ts';
import { run } from '../commands/_run.ts';

export type Node = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
  readonly text: string;
};

// Expat, which does not forgive.
const PARSER = `
import json, sys, xml.etree.ElementTree as tree
def told(node):
    return {'name': node.tag, 'attributes': node.attrib, 'text': node.text or '',
            'children': [told(child) for child in node]}
print(json.dumps(told(tree.parse(sys.argv[1]).getroot())))
`;

/** Parses XML strictly; a document that is not well-formed fails the test. */
export async function parse(t: ExecutionContext, xml: string): Promise<Node> {
  const folder = folderWith(t, { 'report.xml': xml });
  const { status, out, err } = await run('python3', ['-c', PARSER, `${folder}/report.xml`]);
  t.is(status, 0, err);
  return JSON.parse(out) as Node;
}
