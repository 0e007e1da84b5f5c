import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { inEachEngine } from './_engines.ts';

/** So many of each of three languages; `--repeat 200` is for who changes something. */
const REPEATS = { local: 8, docker: 2 } as const;

/** Keeps every processor busy until the test ends. */
function keepBusy(t: { teardown(undo: () => void): void }): void {
  for (let processor = 0; processor < availableParallelism(); processor++) {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    t.teardown(() => busy.kill('SIGKILL'));
  }
}

for (const [name, isBusy] of [
  ['local', true],
  ['docker', false],
] as const) {
  const machine = isBusy ? ', with all processors kept busy' : '';
  inEachEngine(`crash-server has one outcome only${machine}`, [name], async (t, engine) => {
    if (isBusy) keepBusy(t);
    const repeat = REPEATS[engine.name];
    const { status, run } = await engine.run(t, ['crash-server', '--repeat', String(repeat)]);
    const others = run.cells.filter(({ verdict }) => verdict !== 'pass');
    t.deepEqual(
      others.map(({ client, reason }) => `${client.language}: ${reason}`),
      [],
    );
    t.is(run.cells.length, 3 * repeat);
    t.is(status, 0);
  });
}
