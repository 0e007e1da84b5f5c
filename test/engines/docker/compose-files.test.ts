import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { DCLinter } from 'dclint';
import { TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { inProject } from '../../../runners/paths.ts';

// The linter holds files against the Compose specification's JSON schema. Its rules of style are left
// out (quiet): in our files a key stands where it explains itself.
const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });

function errorsOf(file: string): string[] {
  const results: readonly { messages: readonly { type: string; message: string }[] }[] =
    linter.lintFiles([file], false);
  const messages = results.flatMap((result) => result.messages);
  return messages.filter(({ type }) => type === 'error').map(({ message }) => message);
}

const files = readdirSync(inProject('docker')).filter((name) => name.endsWith('.compose.yaml'));

test('there is a compose file for each topology', (t) => {
  for (const kind of TOPOLOGY_NAMES) t.true(files.includes(`${kind}.compose.yaml`), kind);
});

for (const file of files) {
  test(`${file} is valid by the Compose specification`, (t) => {
    t.deepEqual(errorsOf(inProject(`docker/${file}`)), []);
  });
}

test('the linter knows the specification', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reset-labs-test-'));
  try {
    const file = join(folder, 'docker-compose.yaml');
    await writeFile(file, 'services:\n  a:\n    image: x:1\n    read_onyl: true\n');
    t.regex(errorsOf(file).join(), /read_onyl|additional/i);
  } finally {
    await rm(folder, { recursive: true });
  }
});
