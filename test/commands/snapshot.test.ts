// Packs real runs and opens them, as on another machine: with folders of their own.
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { rerunSnapshot } from '../../runners/commands/snapshot-rerun.ts';
import { assertNamespaces } from '../../runners/engines/local/permission.ts';
import { inProject, ROOT } from '../../runners/paths.ts';
import type { RunResult } from '../../runners/results/result.ts';
import { packed } from '../../runners/snapshot/archive.ts';
import { loadLessons } from '../../runners/workshop/lessons/load.ts';
import { solutionText, starterText } from '../../runners/workshop/lessons/material.ts';
import { folderWith } from '../_folder.ts';
import { pathWithout, problemsOf } from '../_lab.ts';
import { typed } from '../_typed.ts';
import { NO_DOCKER } from '../doctor/_machine.ts';
import { files, HEAD, opened, RUN } from '../snapshot/_snapshots.ts';
import { cli } from './_run.ts';

const local = await assertNamespaces().then(
  () => test.serial,
  () => test.serial.skip,
);
const HOME = '/home/planted-name';
/** For what all tests share. */
const atTheEnd = {
  teardown: (end: () => void) => test.after.always(end),
} as ExecutionContext;
const kept = folderWith(atTheEnd);

type Env = Readonly<Record<string, string>>;

/** What the doctor need not look at for each snapshot: most start slowly. */
const path = pathWithout(
  atTheEnd,
  ...['elixir', 'elixirc', 'erl', 'go', 'java', 'javac', 'rustc', 'ruby', 'php', 'gcc'],
);

function snapshot(words: readonly string[], env: Env = {}) {
  const own = {
    ...{ DOCKER_HOST: NO_DOCKER, HOME, PATH: path },
    RESET_LABS_WORKSHOP: join(kept, 'none'),
  };
  return cli(['snapshot', ...words], { env: { ...own, ...env } });
}

let ran: Promise<string> | undefined;

/** The folder of results of one real run, with a copy of it for tests that change it. */
async function results(t: ExecutionContext): Promise<string> {
  ran ??= (async () => {
    const folder = join(kept, 'results');
    const words = ['lab', 'crash-server', '--client', 'python', '--engine', 'local'];
    const { status, out, err } = await cli([...words, '--results', folder, '--name', 'mine']);
    t.is(status, 0, out + err);
    return folder;
  })();
  const copy = folderWith(t);
  cpSync(await ran, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function edit(folder: string, change: (run: RunResult) => object): void {
  const file = join(folder, 'mine', 'run.json');
  const run = JSON.parse(readFileSync(file, 'utf8')) as RunResult;
  writeFileSync(file, JSON.stringify(change(run)));
}

async function pack(t: ExecutionContext, from: string, env: Env = {}): Promise<string> {
  const file = join(folderWith(t), 'x.tar.gz');
  const { status, err } = await snapshot(['--results', from, '--output', file], env);
  t.is(status, 0, err);
  return file;
}

local('a run is packed, listed by tar, and opened in another place', async (t) => {
  const from = await results(t);
  const to = folderWith(t, { 'earlier/run.json': '{}' });
  execFileSync('ln', ['-s', 'earlier', join(to, 'latest')]);
  const workshop = folderWith(t, { 'progress.yaml': 'version: 1\n' });
  const file = join(folderWith(t), 'x.tar.gz');
  const made = await snapshot(['--results', from, '--output', file]);
  t.is(made.status, 0, made.err);
  const names = ['snapshot.json', 'run.json', 'doctor.json'];
  const capture = 'cells/local/04-crash-server-python-python-1/capture.pcap';
  const listed = execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n');
  t.deepEqual(
    listed,
    [...names, capture].map((name) => `mine/${name}`),
  );
  for (const name of [...names, capture]) t.regex(made.out, new RegExp(` k?B {2}${name}`));

  const { status, out, err } = await snapshot(['--open', file, '--results', to], {
    RESET_LABS_WORKSHOP: workshop,
  });
  t.is(status, 0, err);
  t.regex(out, /^engine: local \(asked for\)\n\n04 crash-server {3}The server process is killed/);
  t.regex(out, /✔ python [\d.]+ +read +ConnectionResetError/);
  t.regex(out, /client ◀─+RST,ACK── server/);
  t.regex(out, /\n {4}npm run lab -- crash-server --client python --engine local\n$/);
  t.deepEqual(readdirSync(to).sort(), ['earlier', 'latest', 'mine']);
  t.is(readlinkSync(join(to, 'latest')), 'earlier');
  t.deepEqual(readdirSync(workshop), ['progress.yaml']);
  t.deepEqual(readFileSync(join(to, 'mine', capture)), readFileSync(join(from, 'mine', capture)));
  const run = (folder: string) =>
    JSON.parse(readFileSync(join(folder, 'mine', 'run.json'), 'utf8')) as RunResult;
  t.deepEqual(run(to).cells, run(from).cells);
  t.is((await snapshot(['--open', file, '--results', to])).status, 0, 'a second time');
});

local('nothing of the machine is in it, and what was replaced is told', async (t) => {
  const from = await results(t);
  const host = hostname();
  const secret = 'planted-secret';
  edit(from, (run) => ({
    ...run,
    command: `${run.command} --results ${HOME}/r --junit ${ROOT}x.xml`,
    engines: run.engines.map((engine) => ({
      ...engine,
      why: `${HOME}/docker.sock on ${host}, /srv/planted-secret`,
    })),
    cells: run.cells.map((cell) => ({
      ...cell,
      outputs: cell.outputs.map((one) => ({ ...one, err: [`${ROOT}labs, ssh://a@${secret}`] })),
    })),
  }));
  const source = `# ${HOME}/notes\nprint(1)\n`;
  const workshop = folderWith(t, {
    'progress.yaml': 'version: 1\nlanguage: python\n',
    '04-crash-server/ask.py': source,
    '04-crash-server/notes.txt': secret,
    '03-abort/ask.py': secret,
  });
  const env = { RESET_LABS_WORKSHOP: workshop, PLANTED_SECRET: secret, LOGNAME: secret };
  const file = join(folderWith(t), 'x.tar.gz');
  const { status, out, err } = await snapshot(['--results', from, '--output', file], env);
  t.is(status, 0, err);
  t.regex(out, /Replaced, since it tells of this machine: .*<project> \d+×/);
  t.regex(out, /ask\.py is not as you wrote it/);
  const bytes = gunzipSync(readFileSync(file)).toString('latin1');
  const path = ROOT.replace(/\/$/, '');
  for (const leak of [HOME, 'planted-name', path, secret, kept, workshop]) {
    t.false(bytes.includes(leak), leak);
  }
  if (!['localhost', 'root'].includes(host)) t.notRegex(bytes, new RegExp(`\\bon ${host}\\b`));
  const { manifest, files: inside } = opened(readFileSync(file));
  t.deepEqual(
    manifest.files.map((one) => one.path).filter((one) => one.startsWith('workshop/')),
    ['workshop/progress.yaml', 'workshop/04-crash-server/ask.py'],
  );
  t.is(inside.get('workshop/04-crash-server/ask.py')?.toString(), '# <home>/notes\nprint(1)\n');
  t.deepEqual(manifest.again, ['lab', 'crash-server', '--client', 'python', '--engine', 'local']);
});

local('a link in the place of a file of the participant is not followed', async (t) => {
  const workshop = folderWith(t, { '04-crash-server/x': '' });
  execFileSync('ln', ['-s', '/etc/passwd', join(workshop, '04-crash-server', 'ask.py')]);
  const file = join(folderWith(t), 'x.tar.gz');
  const words = ['--results', await results(t), '--output', file];
  const { status, out } = await snapshot(words, { RESET_LABS_WORKSHOP: workshop });
  t.is(status, 0);
  t.regex(out, /left out: workshop\/04-crash-server\/ask\.py: it is no plain file/);
  t.false([...opened(readFileSync(file)).files.keys()].some((path) => path.endsWith('.py')));
});

local('it is run again, and comes to the same', async (t) => {
  const file = await pack(t, await results(t));
  const to = folderWith(t);
  const { status, out, err } = await snapshot([
    '--open',
    file,
    '--results',
    to,
    '--rerun',
    '--json',
  ]);
  t.is(status, 0, out + err);
  t.regex(out, /^\{.*\}\n$/);
  const { run, rerun, command, differences } = JSON.parse(out);
  t.deepEqual(problemsOf(run), []);
  t.deepEqual(differences, []);
  t.is(command, 'npm run lab -- crash-server --client python --engine local');
  t.true(rerun.same);
  t.is(rerun.cells.length, 1);
  t.is(rerun.cells[0].here.verdict, 'pass');
  t.regex(rerun.cells[0].here.saw.join(), /read ECONNRESET: ConnectionResetError/);
  t.is(join(to, readlinkSync(join(to, 'latest'))), rerun.folder);
});

local('what does not come to the same is told, and is the status', async (t) => {
  const from = await results(t);
  edit(from, (run) => ({
    ...run,
    cells: run.cells.map((cell) => ({
      ...cell,
      steps: cell.steps.map((step) =>
        step.error ? { ...step, outcome: 'eof', error: null } : step,
      ),
    })),
  }));
  const file = await pack(t, from);
  const words = ['--open', file, '--results', folderWith(t), '--rerun'];
  const { status, out, err } = await snapshot(words);
  t.is(status, 1, err);
  t.regex(out, /✘ 04-crash-server-python-python \(local\)\n {6}not the same · pass\n/);
  t.regex(out, /\n {6}in the snapshot: read eof\n {6}here: read ECONNRESET: /);
  t.regex(out, /\n {2}0 of 1 as in the snapshot\n$/);
});

local('a check is done, packed, and done again with the file of the snapshot', async (t) => {
  const [python] = await loadLanguages(['python'], '-');
  const [lesson] = await loadLessons(await loadLabs(['crash-server']));
  const [task] = lesson?.tasks ?? [];
  if (!python || !task) throw new Error('no exercise');
  const solution = await solutionText(task, python);
  const theirs = folderWith(t, { '04-crash-server/ask.py': solution });
  const starter = await starterText(task, python);
  const mine = folderWith(t, { '04-crash-server/ask.py': starter });
  const file = join(folderWith(t), 'x.tar.gz');
  const check = ['--check', '4', '--language', 'python', '--engine', 'local', '--json'];
  const made = await snapshot([...check, '--output', file], { RESET_LABS_WORKSHOP: theirs });
  t.is(made.status, 0, made.err);
  const { id, kind, again } = JSON.parse(made.out);
  t.is(kind, 'check');
  t.deepEqual(again.slice(0, 4), ['check', '04', '--language', 'python']);
  const to = folderWith(t);
  const { status, out, err } = await snapshot(['--open', file, '--results', to, '--rerun'], {
    RESET_LABS_WORKSHOP: mine,
  });
  t.is(status, 0, out + err);
  t.regex(out, /^Lab 04-crash-server · retry · python · workshop\/04-crash-server\/ask\.py\n/);
  t.regex(out, /\nSolved\.\n/);
  t.regex(out, / RESET_LABS_WORKSHOP=\S+\/workshop npm run check -- 04 --language python/);
  t.regex(out, /the same · pass\n\n {2}1 of 1 as in the snapshot\n$/);
  t.deepEqual(readdirSync(mine), ['04-crash-server']);
  t.deepEqual(readdirSync(to), [id]);
  const own = join(to, id, 'workshop', '04-crash-server', 'ask.py');
  t.is(readFileSync(own, 'utf8'), solution);
  t.deepEqual(problemsOf(JSON.parse(readFileSync(join(to, id, 'run.json'), 'utf8'))), []);
});

test.serial(
  'a program that is compiled is not compiled with the rights of who opens it',
  async (t) => {
    const check = {
      ...{ lab: '04-crash-server', exercise: 'retry', language: 'java', verdict: 'fail' as const },
      ...{ file: 'workshop/04-crash-server/Ask.java', points: [], compiler: [], says: null },
      changes: 'client' as const,
    };
    const again = ['check', '04', '--language', 'java', '--engine', 'local'];
    const { archive } = packed(
      { ...HEAD, kind: 'check', again },
      files({ 'check.json': JSON.stringify(check), [check.file]: 'class Ask {}' }),
    );
    const how = {
      ...{ folder: '/x', command: 'npm run check', results: '/x', say() {} },
      interruption: new AbortController().signal,
    };
    await t.throwsAsync(
      rerunSnapshot(opened(archive), how, () => {}),
      {
        name: 'UserError',
        message:
          /^Java is compiled before it runs, .* Read \/x\/workshop\/04-crash-server\/Ask\.java first, then run: npm run check$/,
      },
    );
  },
);

test.serial('what a stranger has written does not control the terminal', async (t) => {
  const [cell] = RUN.cells;
  const title = '\u001b]0;mine\u0007\u202e';
  const run = { ...RUN, command: title, cells: [{ ...cell, title, pcap: null }] };
  const { archive } = packed(HEAD, files({ 'run.json': JSON.stringify(run) }));
  const file = join(folderWith(t), 'x.tar.gz');
  writeFileSync(file, archive);
  const { status, out, err } = await snapshot(['--open', file, '--results', folderWith(t)]);
  t.is(status, 0, err);
  t.true(out.includes('\\x1b]0;mine\\x07\\x202e'));
  for (const control of ['\u001b', '\u0007', '\u202e']) t.false(out.includes(control));
});

test.serial('a file that is no snapshot is told by its name, and nothing is written', async (t) => {
  const folder = folderWith(t, { x: 'text' });
  const to = join(folder, 'results');
  const file = join(folder, 'x');
  const { status, out, err } = await typed(['snapshot', '--open', file, '--results', to]);
  t.is(status, 2);
  t.is(out, '');
  t.is(
    err,
    `${file} is no snapshot that can be opened: it is not compressed by gzip. Is it another file?\n`,
  );
  t.false(existsSync(to));
  const none = await typed(['snapshot', '--open', join(folder, 'none')]);
  t.is(none.status, 2);
  t.regex(none.err, /none cannot be read: ENOENT.* Name a snapshot: --open FILE\n$/);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const pipe = await typed(['snapshot', '--open', join(folder, 'pipe')]);
  t.is(pipe.status, 2);
  t.regex(pipe.err, /pipe is no snapshot that can be opened: it is no plain file\. /);
});

for (const [words, message] of [
  [['--rerun'], '--rerun is of a snapshot that is opened: --open FILE --rerun'],
  [['x', '--check', '4'], '--check and x do not go together. Name one of them.'],
  [['--open', 'y', 'x'], '--open and x do not go together. Open, or pack.'],
  [['--open', 'y', '--check', '4'], '--open and --check do not go together. Open, or pack.'],
  [['--open', 'y', '--output', 'z'], '--open and --output do not go together. Open, or pack.'],
  [['--language', 'java'], '--language is of a check: --check LAB --language java'],
  [
    ['--output', 'package.json'],
    'package.json is there already, and is left as it is. Name another: --output FILE',
  ],
  // Before the check takes its time.
  [
    ['--check', '4', '--output', 'package.json'],
    'package.json is there already, and is left as it is. Name another: --output FILE',
  ],
  [
    ['no-such-folder'],
    'There is no run in no-such-folder. Run a lab first (npm run lab crash-server), or have your exercise checked and packed: npm run snapshot -- --check 04',
  ],
  [
    ['--check', 'crash-sever'],
    'There is no lab "crash-sever". Did you mean "crash-server"? List them: npm run lab',
  ],
] as const) {
  test.serial(`mistyped: ${words.join(' ')}`, async (t) => {
    const said = await typed(['snapshot', ...words]);
    t.deepEqual(said, { status: 2, out: '', err: `${message}\n` });
  });
}

local('a result that somebody has edited is not packed', async (t) => {
  const from = await results(t);
  edit(from, (run) => ({ ...run, planned: -1 }));
  const file = join(folderWith(t), 'x.tar.gz');
  const words = ['--results', from, '--output', file];
  const { status, err } = await snapshot(words);
  t.is(status, 2);
  t.regex(err, /latest.run\.json is no result of a run: `planned`: .* Run it again\.\n$/);
  edit(from, (run) => ({ ...run, planned: 1, machine: { ...run.machine, cpus: 0 } }));
  const other = await snapshot(words);
  t.is(other.status, 2);
  t.regex(other.err, /The run mine cannot be packed.*`machine\.cpus`: .* Run it again\.\n$/);
  t.false(existsSync(file));
});

local('an interruption leaves no file', async (t) => {
  const folder = folderWith(t);
  const words = ['--results', await results(t), '--output', join(folder, 'x')];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', inProject('runners/cli.ts'), 'snapshot', ...words],
    { cwd: ROOT, env: { ...process.env, DOCKER_HOST: NO_DOCKER }, stdio: 'pipe' },
  );
  t.teardown(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const out = text(child.stdout);
  child.stderr.on('data', (said) => {
    if (String(said).includes('looking at')) child.kill('SIGINT');
  });
  t.is(await ended, 130);
  t.is(await out, '');
  t.deepEqual(readdirSync(folder), []);
});

test.serial('help shows no path of this machine', async (t) => {
  const { status, out } = await typed(['snapshot', '--help']);
  t.is(status, 0);
  t.regex(out, /^Usage: npm run snapshot \[results\/RUN\] \[-- options\]\n/);
  t.false(out.includes(inProject('.')));
});
