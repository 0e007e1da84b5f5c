// What a kernel shows of a program: real programs, on a host of the local engine.
import test from 'ava';
import { freeDescriptors, peakMemory, threadStates } from '../../runners/cell/process.ts';
import { until } from '../../runners/deadline.ts';
import { says } from '../engines/local/_local.ts';
import { end, problem, seenOf, serverThat, tell } from './_watched.ts';

const local = problem === undefined ? test : test.skip;

/** Waits until the threads of a program are so. */
function threadsAre(
  seen: Parameters<typeof threadStates>[0],
  holds: (states: readonly string[]) => boolean,
): Promise<string[]> {
  return until('these states of the threads', async () => {
    const states = await threadStates(seen);
    return holds(states) ? states : undefined;
  });
}

local('threads that sleep, one that runs, all that are stopped, none that is left', async (t) => {
  const server = await serverThat(t, { told: "say('done'); for (;;);" });
  const seen = await seenOf(server);
  const asleep = await threadsAre(seen, (states) => states.every((state) => state === 'S'));
  t.true(asleep.length > 1, 'Node has several threads');
  await tell(server);
  await threadsAre(seen, (states) => states.includes('R'));
  await server.program.signal('STOP');
  const stopped = await threadsAre(seen, (states) => states.every((state) => state === 'T'));
  t.is(stopped.length, asleep.length);
  await end(server);
  t.deepEqual(await threadStates(seen), []);
});

local('the name of a thread cannot be taken for its state', async (t) => {
  const server = await serverThat(t, {
    first: "require('node:fs').writeFileSync('/proc/self/comm', 'a) R 1 (b) Z')",
  });
  const seen = await seenOf(server);
  const name = await seen.agent.run('cat', `/proc/${seen.pid}/comm`);
  t.deepEqual(name, ['a) R 1 (b) Z']);
  await threadsAre(seen, (states) => states.every((state) => state === 'S'));
  t.pass();
});

const OPEN = "require('node:fs').openSync('/dev/null')";

local('how many files may still be opened, to the last one', async (t) => {
  const server = await serverThat(t, { told: `${OPEN}; ${OPEN}` });
  const seen = await seenOf(server);
  const before = (await freeDescriptors(seen)) ?? 0;
  t.true(before > 900 && before < 1024, `${before} of 1024`);
  await tell(server);
  t.is(await freeDescriptors(seen), before - 2);
  await end(server);
  t.is(await freeDescriptors(seen), undefined);

  const full = await serverThat(t, { told: `try { for (;;) ${OPEN}; } catch {}` });
  await tell(full);
  t.is(await freeDescriptors(await seenOf(full)), 0);

  const { programs } = server.host.host;
  const limits = 'ulimit -Sn 100; ulimit -Hn 200; printf "limited\\n" >&3; exec sleep infinity';
  const limited = programs.start('limited', '/', ['bash', '-c', limits]);
  await says(limited, 'limited');
  const left = (await freeDescriptors({ agent: programs, pid: await limited.pid })) ?? 0;
  t.true(left > 80 && left < 100, `${left} of 100: the soft limit counts`);
});

local('the most memory that a program has had stays when it is given back', async (t) => {
  const server = await serverThat(t, {
    first: `let taken = [];
      require('node:v8').setFlagsFromString('--expose-gc');
      const collect = require('node:vm').runInNewContext('gc')`,
    told: `if (taken.length === 0) taken = [Buffer.alloc(64e6, 1)];
      else { taken = []; collect(); }`,
  });
  const seen = await seenOf(server);
  const before = (await peakMemory(seen)) ?? 0;
  t.true(before > 10 && before < 500, `${before} MB`);
  await tell(server);
  const most = (await peakMemory(seen)) ?? 0;
  t.true(most - before > 60 && most - before < 90, `${before}, then ${most} MB`);
  await server.program.input('');
  await until(
    'the second answer',
    async () => server.program.lines.filter((line) => line === 'done').length === 2 || undefined,
  );
  t.true(((await peakMemory(seen)) ?? 0) >= most);
  await end(server);
  t.is(await peakMemory(seen), undefined);
});
