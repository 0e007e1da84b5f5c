import { PassThrough } from 'node:stream';
import test from 'ava';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import { split } from '../../runners/doctor/check.ts';
import { traceMend, tryHosts } from '../../runners/doctor/hosts.ts';
import { Capture } from '../../runners/engines/capture.ts';
import type { Engine, Topology } from '../../runners/engines/engine.ts';
import { EnvironmentError } from '../../runners/user-error.ts';

type Fault = {
  readonly make?: Error;
  readonly run?: Error;
  readonly close?: Error;
  readonly trace?: Error | string;
  readonly capture?: Topology['capture'];
};

/** Tries the hosts of an engine in which one thing is wrong; says too what was closed. */
async function tryEngineWith(fault: Fault) {
  const closed: string[] = [];
  const agent = {
    run: async () => (fault.run ? Promise.reject(fault.run) : []),
    ask: async () => ({ status: 0, lines: [] }),
  };
  const topology = {
    hosts: { client: { agent }, server: { agent, address: '192.0.2.2' } },
    capture: fault.capture ?? {
      unavailable: 'tcpdump is not on the PATH: apt-get install tcpdump',
    },
  };
  const engine = {
    name: 'docker',
    make: async () => (fault.make ? Promise.reject(fault.make) : topology),
    async trace() {
      if (fault.trace instanceof Error) throw fault.trace;
      return fault.trace === undefined ? {} : { unavailable: fault.trace };
    },
    async close() {
      closed.push('engine');
      if (fault.close) throw fault.close;
    },
  } as unknown as Engine;
  const language = { name: 'python' } as NamedLanguage;
  const checks = await tryHosts({ engine, language, how: 'in containers', explain: split });
  return { checks, closed };
}

test('hosts that cannot be made: the reason, the mend, and the trace all the same', async (t) => {
  const make = new EnvironmentError('Docker has no subnet left: docker network prune');
  const { checks, closed } = await tryEngineWith({ make });
  t.deepEqual(checks, [
    {
      name: 'docker hosts',
      status: 'missing',
      detail: 'Docker has no subnet left',
      mend: 'docker network prune',
    },
    {
      name: 'docker packets',
      status: 'missing',
      detail: 'cannot be tried without hosts',
      mend: null,
    },
    {
      name: 'docker kernel trace',
      status: 'ok',
      detail: 'tracefs opens: resets come with their reasons where the kernel states them',
      mend: null,
    },
  ]);
  t.deepEqual(closed, ['engine']);
});

test('a host whose agent does not answer', async (t) => {
  const { checks, closed } = await tryEngineWith({ run: new Error('the agent has ended') });
  t.like(checks[0], { name: 'docker hosts', status: 'missing', detail: 'the agent has ended' });
  t.deepEqual(closed, ['engine']);
});

test('hosts that cannot be taken away again', async (t) => {
  const { checks } = await tryEngineWith({ close: new Error('container 1 does not go') });
  t.like(checks[0], {
    status: 'missing',
    detail: 'they could not be taken away: container 1 does not go',
  });
});

test('no tcpdump: hosts are there, packets are not', async (t) => {
  const { checks } = await tryEngineWith({});
  t.is(checks[0]?.status, 'ok');
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  t.deepEqual(checks[1], {
    name: 'docker packets',
    status: 'missing',
    detail: 'tcpdump is not on the PATH',
    mend: `${sudo}apt-get install tcpdump`,
  });
});

test('a tcpdump that ends instead of capturing', async (t) => {
  const [packets, messages] = [new PassThrough(), new PassThrough()];
  const capture = new Capture(packets, messages);
  messages.once('data', () => packets.end().resume());
  messages.write('tcpdump: eth0: You do not have permission to capture');
  const { checks } = await tryEngineWith({ capture });
  t.is(checks[0]?.status, 'ok');
  t.like(checks[1], {
    status: 'missing',
    detail: 'the capture has ended: tcpdump: eth0: You do not have permission to capture',
  });
});

test('without the trace labs run: it is optional', async (t) => {
  for (const trace of ['tracefs may be read by root only', new Error('no tracer')]) {
    const { checks } = await tryEngineWith({ trace });
    t.deepEqual(checks[2], {
      name: 'docker kernel trace',
      status: 'optional',
      detail: trace instanceof Error ? trace.message : trace,
      mend: null,
    });
  }
});

test("the trace is root's: a user becomes root, but not in a container", (t) => {
  const local = (isRoot: boolean, isContained: boolean) =>
    traceMend({ name: 'local' }, "the kernel's trace is for root only", { isRoot, isContained });
  t.is(local(false, false), 'sudo env "PATH=$PATH" npm run lab');
  t.is(local(false, true), null);
  t.is(local(true, false), null);
});
