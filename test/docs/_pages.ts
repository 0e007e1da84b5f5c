import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { NamedLab } from '../../runners/catalog/lab.ts';
import type { DocsInput } from '../../runners/docs/make.ts';
import { inProject } from '../../runners/paths.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { folderWith } from '../_folder.ts';
import { CRASH, LANGUAGES } from '../_observation.ts';
import { PASS } from '../reports/_results.ts';

const marked = (...names: readonly string[]) =>
  names.map((name) => `<!-- generated: ${name} -->\n<!-- end -->\n`).join('\nBy hand.\n\n');

/** The pages of a project that has one lab. */
export const EMPTY_PAGES = {
  'labs/README.md': `# The labs\n\n${marked('labs', 'faces', 'statements')}`,
  'labs/04-crash-server/README.md': `# Crash\n\n${marked('observed', 'diagram', 'find')}`,
};

/** All that a run of one cell gives, in a project of its own. */
export function inputOf(
  t: ExecutionContext,
  cell: Partial<CellResult> = {},
  more: Partial<DocsInput> = {},
  story: NamedLab = CRASH,
): DocsInput {
  const pcap = PASS.pcap ?? '';
  const run = folderWith(t);
  mkdirSync(dirname(join(run, pcap)), { recursive: true });
  copyFileSync(inProject('test/evidence/fixtures/unread.pcap'), join(run, pcap));
  return {
    root: folderWith(t, EMPTY_PAGES),
    stories: [story],
    languages: [LANGUAGES.python],
    statements: [],
    toFind: [],
    runs: [{ folder: run, cells: [{ ...PASS, ...cell }] }],
    check: false,
    ...more,
  };
}
