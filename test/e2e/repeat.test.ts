import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { inEachEngine } from './_engines.ts';

/** Keeps every processor busy until the test ends. */
function keepBusy(t: { teardown(undo: () => void): void }): void {
  for (let processor = 0; processor < availableParallelism(); processor++) {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    t.teardown(() => busy.kill('SIGKILL'));
  }
}

/** So many of each language; `--repeat 200` is for who changes something. */
for (const { engine: name, repeat, clients, isBusy } of [
  { engine: 'local', repeat: 4, clients: 'java,node,python', isBusy: true },
  { engine: 'docker', repeat: 3, clients: 'python', isBusy: false },
] as const) {
  const machine = isBusy ? ', with all processors kept busy' : '';
  inEachEngine(`crash-server has one outcome only${machine}`, [name], async (t, engine) => {
    if (isBusy) keepBusy(t);
    const words = ['crash-server', '--client', clients, '--repeat', String(repeat)];
    const { status, run } = await engine.run(t, words);
    const others = run.cells.filter(({ verdict }) => verdict !== 'pass');
    t.deepEqual(
      others.map(({ client, reason }) => `${client.language}: ${reason}`),
      [],
    );
    t.is(run.cells.length, clients.split(',').length * repeat);
    t.is(status, 0);
  });
}
