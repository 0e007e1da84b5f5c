// Every story of every lab, in every way in which it can be run: all must pass, and all witnesses agree.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import test from 'ava';
import type { NamedLab } from '../../runners/catalog/lab.ts';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import type { EngineName } from '../../runners/engines/engine.ts';
import { inProject } from '../../runners/paths.ts';
import { plan } from '../../runners/plan.ts';
import type { CellResult, RunResult } from '../../runners/results/result.ts';
import { folderWith } from '../_folder.ts';
import { labJson, told } from '../_lab.ts';
import { engines, inEachEngine, type OnEngine } from './_engines.ts';

const ROOT = process.getuid?.() === 0;
const stories = await loadLabs(['all']);
const plain = stories.filter(({ cure }) => cure === null);
const direct = plain.filter(({ topology }) => topology === 'direct');
/** All that an engine must be able to do; each lab in Docker is for `npm run verify`. */
const some = plain.filter(({ name }) =>
  ['crash-server', 'firewall-drop', 'nat-expiry', 'idle-timeout', 'keepalive'].includes(name),
);
const directNames = [...new Set(direct.map(({ name }) => name))];

const languages = await loadLanguages(['all'], '--client');

const named = (names: readonly string[]) => languages.filter(({ name }) => names.includes(name));
const python = named(['python']);

type Way = {
  readonly what: string;
  readonly engines: readonly EngineName[];
  readonly labs: readonly NamedLab[];
  readonly args?: readonly string[];
  readonly clients: readonly NamedLanguage[];
  /** Without them each language is the client of its own server. */
  readonly servers?: readonly NamedLanguage[];
};

/**
 * In the local engine the test of the labs' pages runs all stories in the usual languages. All pairs, all other
 * languages and flavours, in both engines, are for `npm run verify -- --client all --server all`.
 */
const WAYS: readonly Way[] = [
  {
    what: 'labs of each topology and need pass with a client in python and a server in java',
    ...{ engines: ['docker'], labs: some, clients: python, servers: named(['java']) },
  },
  {
    what: 'every direct lab passes over IPv6',
    ...{ engines: ['local'], labs: direct, args: ['--ip', '6'] },
    ...{ clients: python, servers: python },
  },
];

for (const way of WAYS) {
  const { what, labs, args = [], clients, servers } = way;
  const declared = `${what}, and all three witnesses agree`;
  inEachEngine(declared, way.engines, async (t, engine) => {
    t.timeout(600_000);
    const { status, run, results } = await engine.run(t, [
      ...(labs === direct ? directNames : new Set(labs.map(({ name }) => name))),
      ...['--jobs', '6', '--client', names(clients).join()],
      ...['--server', servers === undefined ? 'same' : names(servers).join(), ...args],
    ]);
    // Only root can limit memory.
    const ran = run.cells.filter(({ reason }) => ROOT || !/needs root/.test(reason));
    t.deepEqual(told(ran.filter(({ verdict }) => verdict !== 'pass')), []);
    t.is(status, ran.length === run.cells.length ? 0 : 3);
    const planned = plan({
      ...{ labs, clients, servers: servers ?? clients, alike: servers === undefined },
      ...{ engine: engine.name, ip: 4, repeat: 1, firstPort: 20_000 },
    });
    t.is(run.cells.length, planned.length);
    const reasons = hasReasons(engine);
    if (!reasons) t.log(`${engine.name}: the kernel's reasons are not checked: no trace`);
    for (const cell of ran) {
      t.deepEqual(cell.evidence, { program: 'agrees', packets: 'agrees', kernel: 'agrees' });
      if (reasons) t.not(cell.kernel.resetReasons, null, 'the kernel states its reasons to root');
      t.true(hasCapture(cell, results));
    }
    t.deepEqual(JSON.parse(readFileSync(`${results}/latest/run.json`, 'utf8')), run);
  });
}

inEachEngine('cures succeed', ['docker'], async (t, engine) => {
  const { status, run } = await engine.run(t, ['crash-server', '--cured', '--client', 'python']);
  t.deepEqual(told(run.cells.filter(({ verdict }) => verdict !== 'pass')), []);
  t.true(run.cells.length > 1);
  t.is(status, 0);
});

/** They tell most of a language: reset, end of file, broken pipe. */
const FIRST = ['abort', 'crash-server', 'crash-idle'];

inEachEngine(
  'some of the first labs pass with java and a server in node, over IPv6',
  ['docker'],
  async (t, engine) => {
    const { status, run } = await engine.run(t, [
      ...FIRST,
      ...['--client', 'java', '--server', 'node', '--ip', '6'],
    ]);
    t.deepEqual(told(run.cells.filter(({ verdict }) => verdict !== 'pass')), []);
    t.is(run.cells.length, FIRST.length);
    t.is(status, 0);
  },
);

for (const { name, test: declare } of engines.filter((engine) => engine.name === 'local')) {
  declare.serial(`${name} · some of the first labs pass in every language`, async (t) => {
    t.timeout(300_000);
    const args = [...FIRST.slice(0, 2), '--client', 'all', '--server', 'same', '--jobs', '6'];
    const { status, run } = await labJson(t, [...args, '--engine', name]);
    t.deepEqual(told(run.cells.filter(({ verdict }) => verdict !== 'pass')), []);
    t.is(status, 0);
    const seen = new Set(run.cells.map(({ client }) => client.language));
    // One flavour has no server of its own.
    t.deepEqual(
      [...seen].sort(),
      names(languages)
        .filter((one) => one !== 'c.sigpipe')
        .sort(),
    );
  });
}

function names(all: readonly NamedLanguage[]): string[] {
  return all.map(({ name }) => name);
}

inEachEngine('the labs of a cause are run by its name', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, ['--cause', 'firewall', '--client', 'python']);
  t.is(status, 0, told(run.cells).join('\n'));
  const labs = [...new Set(run.cells.map(({ number }) => number))];
  t.deepEqual(labs, ['09', '10', '11', '16', '20']);
});

/** The commands without which a need of labs cannot be met on this machine, and their packages. */
const COMMANDS = { nft: 'nftables', conntrack: 'conntrack', haproxy: 'haproxy' } as const;

for (const [need, debian] of Object.entries(COMMANDS)) {
  test.serial(`local · without ${need} its labs are not run, and the mend is told`, async (t) => {
    const lab = plain.find(({ needs = [] }) => needs.includes(need as keyof typeof COMMANDS));
    if (!ROOT || lab === undefined) return t.log('only root can hide a command');
    // In a mount namespace of its own, so that the command is hidden from this run only.
    const hide =
      'mount --bind /dev/null "$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$0")" && exec "$@"';
    const command = [process.execPath, '--import', 'tsx', inProject('runners/cli.ts'), 'lab'];
    const args = [lab.name, 'hello', '--client', 'python', '--engine', 'local', '--json'];
    const results = folderWith(t);
    const { stdout } = await promisify(execFile)('unshare', [
      '--mount',
      'bash',
      '-c',
      hide,
      need,
      ...command,
      ...args,
      '--results',
      results,
    ]).catch((error) => {
      t.is(error.code, 3);
      return error as { stdout: string };
    });
    const { cells } = JSON.parse(stdout) as RunResult;
    t.is(cells.find((cell) => cell.lab === 'hello')?.verdict, 'pass');
    const own = cells.filter((cell) => cell.lab === lab.name);
    t.true(own.some(({ verdict }) => verdict === 'not-run'));
    for (const { verdict, reason } of own.filter((cell) => cell.verdict !== 'pass')) {
      t.is(verdict, 'not-run');
      t.regex(reason, new RegExp(`apt-get install ${debian}$`));
    }
  });
}

/** A container sees the kernel's trace only where it is mounted on Docker's machine. */
function hasReasons({ name }: OnEngine): boolean {
  return ROOT && (name === 'local' || existsSync('/sys/kernel/tracing/trace_pipe'));
}

function hasCapture({ pcap }: CellResult, results: string): boolean {
  return pcap !== null && readFileSync(`${results}/latest/${pcap}`).readUInt32LE() === 0xa1b2c3d4;
}
