import test from 'ava';
import { eldest, type Process } from '../../runners/chaos/processes.ts';

const dockerd = (pid: number, parent: number): Process => {
  return { pid, parent, executes: 'dockerd', command: 'dockerd --data-root /x' };
};

test('a process is told from its copies that have a lower number', (t) => {
  const engine = dockerd(500, 400);
  t.is(eldest([dockerd(20, 500), engine, dockerd(900, 500)]), engine);
  t.is(eldest([]), undefined);
});
