import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import test from 'ava';
import { Leftovers } from '../../runners/chaos/leftovers.ts';
import { until } from '../../runners/deadline.ts';
import type { EngineName } from '../../runners/engines/engine.ts';
import { inProject, ROOT } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { engines } from './_engines.ts';

const MOMENTS = 3;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

function start(engine: EngineName, left: Leftovers, results: string, words: readonly string[]) {
  return spawn(
    process.execPath,
    ['--import', 'tsx', inProject('runners/cli.ts'), 'lab', ...words, '--engine', engine].concat([
      ...['--results', results, '--client', 'python,node'],
      ...['--name', `test-${left.token}-${++runs}`],
    ]),
    { cwd: ROOT, stdio: 'ignore', env: left.env },
  );
}
let runs = 0;

// Runs in Docker are killed by `npm run chaos`.
for (const engine of engines.filter(({ name }) => name === 'local')) {
  engine.test.serial(
    `${engine.name}: killed at any moment, nothing is left after the next start`,
    async (t) => {
      t.timeout(240_000);
      const results = folderWith(t);
      const left = new Leftovers(engine.name, results);
      // How long a whole run takes here, so that the moments are spread over all of it.
      const began = performance.now();
      const whole = start(engine.name, left, results, ['crash-server', 'closed-socket']);
      t.deepEqual(await once(whole, 'exit'), [0, null]);
      const lengthMs = performance.now() - began;

      for (let moment = 1; moment <= MOMENTS; moment++) {
        const signal = SIGNALS[moment % SIGNALS.length] as (typeof SIGNALS)[number];
        const child = start(engine.name, left, results, ['crash-server', 'closed-socket']);
        const exit = once(child, 'exit');
        await Promise.race([after((lengthMs * moment) / (MOMENTS + 1)), exit]);
        child.kill(signal);
        const [code, killedBy] = await exit;
        const how = `${signal} at moment ${moment} of ${MOMENTS}`;
        // Before our handlers are there Node itself answers the signal; after the end nobody does.
        t.true(code === 0 || killedBy === signal || (code === 130 && signal !== 'SIGKILL'), how);
        if (code === 130) t.deepEqual(await left.find(), [], `after ${how}`);
      }

      const next = start(engine.name, left, results, ['hello']);
      t.deepEqual(await once(next, 'exit'), [0, null]);
      // The kernel takes namespaces and processes away on its own time.
      await until(
        'a machine without leftovers',
        async () => ((await left.find()).length === 0 ? true : undefined),
        { instead: async () => (await left.find()).join('; ') },
      );
      t.pass();
    },
  );
}

test('the search for leftovers finds a process that is there', async (t) => {
  const left = new Leftovers('local', folderWith(t));
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'], env: left.env });
  t.teardown(() => void child.kill());
  await once(child, 'spawn');
  const found = await until('the process in the search', async () => {
    const lines = await left.find();
    return lines.length > 0 ? lines : undefined;
  });
  t.deepEqual(found, ['cat ']);
});
