// Control experiments: each must not pass, or must say on what it rests, or the verdicts are worth nothing.
import test from 'ava';
import { inProject } from '../../runners/paths.ts';
import { labJson, pathWithout, told } from '../_lab.ts';
import { inEachEngine } from './_engines.ts';

const fixture = (name: string) => ['all', '--labs', inProject(`test/fixtures/labs/${name}`)];
const PYTHON = ['--client', 'python'];

inEachEngine('a FIN where a RST is expected fails in every language', async (t, engine) => {
  // What the languages show is the same in both engines; what is seen of the network is not.
  const languages = engine.name === 'docker' ? PYTHON : [];
  const { status, run } = await engine.run(t, [...fixture('fin-not-rst'), ...languages]);
  t.is(status, 1);
  t.is(run.verdict, 'fail');
  t.is(run.cells.length, engine.name === 'docker' ? 1 : 3);
  for (const { client, verdict, reason, evidence, findings } of run.cells) {
    t.is(verdict, 'fail', client.language);
    t.regex(reason, /^program: expected read: .+; observed read eof$/);
    t.deepEqual(evidence, {
      program: 'contradicts',
      packets: 'contradicts',
      kernel: 'contradicts',
    });
    t.is(findings?.packets.expected, 'socket RST from server, no FIN');
    t.is(findings?.packets.observed, 'no RST, FIN from both');
  }
});

inEachEngine('packets alone that contradict fail the cell', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, [...fixture('fin-not-rst-in-packets'), ...PYTHON]);
  t.is(status, 1);
  t.deepEqual(told(run.cells), [
    `abort · python · python · ${engine.name} · fail: packets: expected socket RST from server, no FIN; observed no RST, FIN from both`,
  ]);
  t.deepEqual(run.cells[0]?.evidence, {
    program: 'agrees',
    packets: 'contradicts',
    kernel: 'agrees',
  });
});

inEachEngine('a kernel alone that contradicts fails the cell', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, [...fixture('fin-not-rst-in-kernel'), ...PYTHON]);
  t.is(status, 1);
  t.deepEqual(run.cells[0]?.evidence, {
    program: 'agrees',
    packets: 'agrees',
    kernel: 'contradicts',
  });
  t.regex(run.cells[0]?.reason ?? '', /^kernel: expected client: EstabResets 1; server: .+/);
});

inEachEngine('another errno than the expected one fails the cell', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, [...fixture('wrong-errno'), ...PYTHON]);
  t.is(status, 1);
  t.deepEqual(told(run.cells), [
    `crash-server · python · python · ${engine.name} · fail: program: expected read: ConnectionAbortedError: [Errno 103] Software caused connection abort (ECONNABORTED); observed read: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET)`,
  ]);
  t.deepEqual(run.cells[0]?.evidence, {
    program: 'contradicts',
    packets: 'agrees',
    kernel: 'agrees',
  });
});

for (const [name, what] of [
  ['fault-after-the-end', 'SIGKILL to the server'],
  ['fault-without-a-connection', 'SIGKILL to the client'],
] as const) {
  inEachEngine(
    `a fault that meets no connection fails the cell: ${name}`,
    ['local'],
    async (t, engine) => {
      const { status, run } = await engine.run(t, [...fixture(name), ...PYTHON]);
      t.is(status, 1, told(run.cells).join());
      const [cell] = run.cells;
      t.is(cell?.reason, `the fault met no connection: ${what}`);
      // The signal may still end the client, which is another end than it should have.
      const { program, ...network } = cell?.evidence ?? {};
      t.regex(program ?? '', /^(agrees|contradicts)$/);
      t.deepEqual(network, { packets: 'agrees', kernel: 'agrees' });
      t.is(cell?.actions[0]?.touched, 0);
    },
  );
}

inEachEngine('without its fault a lab fails, in bounded time', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, [...fixture('no-fault'), ...PYTHON], {
    env: { RESET_LABS_PATIENCE_MS: '8000' },
  });
  t.is(status, 1);
  t.deepEqual(told(run.cells), [
    `crash-server · python · python · ${engine.name} · fail: the end of the client did not come within 8 s; instead: it is at "read"`,
  ]);
  t.deepEqual(run.cells[0]?.evidence, {
    program: 'contradicts',
    packets: 'contradicts',
    kernel: 'contradicts',
  });
  t.deepEqual(
    run.cells[0]?.unfinished.map(({ role, step }) => `${role} ${step}`),
    ['client read', 'server wait'],
  );
});

inEachEngine('a fault that never ends fails, in bounded time', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, [...fixture('endless-fault'), ...PYTHON], {
    env: { RESET_LABS_PATIENCE_MS: '3000' },
  });
  t.is(status, 1);
  t.is(run.cells[0]?.reason, 'the end of the fault did not come within 12 s');
});

inEachEngine(
  'without packets the kernel is witness enough, and that is said',
  async (t, engine) => {
    const { status, run } = await engine.run(t, [
      'crash-server',
      ...PYTHON,
      '--without',
      'packets',
    ]);
    t.is(status, 0);
    const [cell] = run.cells;
    t.is(cell?.verdict, 'pass');
    t.deepEqual(cell?.evidence, { program: 'agrees', packets: 'unavailable', kernel: 'agrees' });
    t.is(cell?.reason, 'program and kernel agree: socket RST from server, no FIN');
    t.is(cell?.findings?.packets.observed, 'left out on request');
    t.is(cell?.packets, null);
    t.is(cell?.pcap, null);
  },
);

inEachEngine(
  'without the kernel the packets are witness enough, and that is said',
  ['local'],
  async (t, engine) => {
    const { status, run } = await engine.run(t, ['crash-server', ...PYTHON, '--without', 'kernel']);
    t.is(status, 0);
    const [cell] = run.cells;
    t.deepEqual(cell?.evidence, { program: 'agrees', packets: 'agrees', kernel: 'unavailable' });
    t.deepEqual(cell?.kernel, {
      hosts: null,
      resetReasons: null,
      noReasons: 'left out on request',
    });
  },
);

inEachEngine('without any witness of the network nothing passes', ['local'], async (t, engine) => {
  const { status, run } = await engine.run(t, [
    ...['crash-server', 'hello', ...PYTHON],
    ...['--without', 'packets,kernel'],
  ]);
  t.is(status, 3);
  t.is(run.verdict, 'unknown');
  for (const { verdict, reason, evidence } of run.cells) {
    t.is(verdict, 'unknown');
    t.is(
      reason,
      'no witness of the network: packets (left out on request), kernel (left out on request)',
    );
    t.deepEqual(evidence, {
      program: 'agrees',
      packets: 'unavailable',
      kernel: 'unavailable',
    });
  }
});

test.serial(
  'local · without tcpdump the kernel is witness enough, and the mend is told',
  async (t) => {
    const { status, run } = await labJson(t, ['crash-server', ...PYTHON, '--engine', 'local'], {
      env: { PATH: pathWithout(t, 'tcpdump') },
    });
    t.is(status, 0, told(run.cells).join());
    const [cell] = run.cells;
    t.deepEqual(cell?.evidence, { program: 'agrees', packets: 'unavailable', kernel: 'agrees' });
    t.is(cell?.findings?.packets.observed, 'tcpdump is not on the PATH: apt-get install tcpdump');
    t.is(cell?.pcap, null);
  },
);
