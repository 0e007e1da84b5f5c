// What a person, and what a program reads.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { loadLabs } from '../../runners/catalog/load.ts';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { lab, labJson, problemsOf } from '../_lab.ts';

const LOCAL = ['--engine', 'local', '--client', 'python'];

test.serial('the help of the command', async (t) => {
  const { status, stdout, stderr } = await lab(t, ['--help']);
  t.is(status, 0);
  t.is(stderr, '');
  t.snapshot(stdout);
  t.false(stdout.includes(inProject('.')), 'help shows a path of this machine');
});

test.serial('the list of labs', async (t) => {
  const { status, stdout, stderr, results } = await lab(t, []);
  t.is(status, 0);
  t.is(stderr, '');
  for (const { number, name, headline, variant, cure } of await loadLabs(['all'])) {
    const [, entry = ''] = stdout.split(`\n  ${number}  `);
    const [own = ''] = entry.split(/\n {2}\S/);
    const words = own.replaceAll(/\s+/g, ' ');
    t.true(words.startsWith(`${name} `), name);
    t.true(words.includes(headline.split(' ').slice(0, 2).join(' ')), name);
    for (const named of [variant, cure]) {
      if (named !== null) t.true(words.includes(named), `${name}: ${named}`);
    }
  }
  t.throws(() => readdirSync(results));
});

test.serial('the list of labs as one JSON object', async (t) => {
  const { status, stdout, stderr } = await lab(t, ['--json']);
  t.is(status, 0);
  t.is(stderr, '');
  t.regex(stdout, /^\{.*\}\n$/);
  const stories = await loadLabs(['all']);
  const { labs } = JSON.parse(stdout) as { labs: readonly Record<string, unknown>[] };
  t.deepEqual(
    labs.map(({ number }) => number),
    [...new Set(stories.map(({ number }) => number))],
  );
  t.deepEqual(labs[0], {
    number: '01',
    name: 'hello',
    causes: ['control'],
    title: stories[0]?.headline,
    variants: [],
    cures: [],
  });
  t.like(
    labs.find(({ name }) => name === 'restart-server'),
    { variants: ['listening', 'not-listening'], cures: ['retry', 'not-twice'] },
  );
});

test.serial('a passing run as one JSON object, and nothing else', async (t) => {
  const { status, stderr, run, results, name } = await labJson(t, ['hello', ...LOCAL]);
  t.is(status, 0);
  t.is(stderr, '');
  t.is(run.id, name);
  t.deepEqual(readdirSync(results).sort(), ['latest', name].sort());
  t.deepEqual(JSON.parse(readFileSync(join(results, name, 'run.json'), 'utf8')), run);
});

test.serial('a failing run as one JSON object, and nothing else', async (t) => {
  const labs = inProject('test/fixtures/labs/fin-not-rst');
  const { status, stderr, run } = await labJson(t, ['abort', '--labs', labs, ...LOCAL]);
  t.is(status, 1);
  t.is(stderr, '');
  t.is(run.verdict, 'fail');
});

test.serial(
  'a run for a person ends with what to do next, and has no colour in a pipe',
  async (t) => {
    const { status, stdout, stderr } = await lab(t, ['4', ...LOCAL]);
    t.is(status, 0, stderr);
    t.is(stderr, '');
    t.true(stdout.startsWith('engine: local (asked for)\n\n04 crash-server   The server process'));
    t.regex(stdout, /\n {2}✔ python [\d.]+ +read +ConnectionResetError: \[Errno 104\]/);
    t.regex(stdout, /client ◀─+RST,ACK── server/);
    t.regex(stdout, /1 passed in \d+\.\d\d s/);
    t.regex(stdout, /next: npm run lab crash-idle(, or step by step: npm run workshop)?\n$/);
    t.false(stdout.includes('\u001b'));
  },
);

test.serial('colour can be asked for', async (t) => {
  const { stdout } = await lab(t, ['4', ...LOCAL], { env: { FORCE_COLOR: '1' } });
  t.true(stdout.includes('\u001b[32m✔'));
});

test.serial('cells with their own ports, names and counts are what was asked for', async (t) => {
  const args = ['hello', '1', '--repeat', '3', '--port', '31998', '--jobs', '2', '--name', 'mine'];
  const { run, results } = await labJson(t, [...args, ...LOCAL]);
  t.is(run.id, 'mine');
  t.deepEqual(
    run.cells.map(({ repeat }) => repeat),
    [1, 2, 3],
  );
  t.deepEqual(
    run.cells.map(({ outputs }) => /:(\d+)\.$/.exec(outputs[0]?.out[0] ?? '')?.[1]),
    ['31998', '31999', '20000'],
  );
  t.deepEqual(readdirSync(results).sort(), ['latest', 'mine']);
});

test.serial(
  'a run lacks no key that the schema asks for, and has none too many within',
  async (t) => {
    const { run } = await labJson(t, ['crash-server', 'refused', ...LOCAL]);
    type Tree = { [key: string]: Tree };
    const open = (path: string) => path === '' || /^cells\.\d+$/.test(path);
    // The names of counters are the kernel's.
    const free = (path: string) => /kernel\.hosts\.\w+$/.test(path);
    let checked = 0;
    const walk = (at: (whole: Tree) => Tree, path: string) => {
      const part = at(run as unknown as Tree);
      if (part === null || typeof part !== 'object') return;
      for (const key of Object.keys(part)) {
        if (!Array.isArray(part) && !free(path)) {
          const copy = structuredClone(run) as unknown as Tree;
          delete at(copy)[key];
          t.not(problemsOf(copy).length, 0, `without ${path}.${key}`);
          checked += 1;
        }
        // One of each kind is enough.
        if (Array.isArray(part) && Number(key) > 0 && path !== 'cells') continue;
        walk((whole) => at(whole)[key] as Tree, path === '' ? key : `${path}.${key}`);
      }
      if (Array.isArray(part) || free(path)) return;
      const copy = structuredClone(run) as unknown as Tree;
      at(copy).surprise = {};
      t.is(problemsOf(copy).length === 0, open(path), `with ${path}.surprise`);
    };
    walk((whole) => whole, '');
    t.true(checked > 100);
  },
);

test('a reader that has seen enough does not break the run', async (t) => {
  const results = folderWith(t);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', inProject('runners/cli.ts'), 'lab', 'hello', '--engine', 'local'].concat([
      ...['--client', 'node', '--server', 'node', '--results', results],
    ]),
    { cwd: inProject('.'), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  child.stdout.destroy();
  const said = text(child.stderr);
  const [status] = await once(child, 'exit');
  t.is(status, 0, await said);
  t.true(existsSync(join(results, 'latest', 'run.json')));
});
