import test from 'ava';
import { engineAmong } from '../../runners/chaos/own-engine.ts';
import { eldest, type Process } from '../../runners/chaos/processes.ts';

const dockerd = (pid: number, parent: number, command = 'dockerd --data-root /x/data'): Process => {
  return { pid, parent, executes: 'dockerd', command };
};

test('a process is told from its copies that have a lower number', (t) => {
  const engine = dockerd(500, 400);
  t.is(eldest([dockerd(20, 500), engine, dockerd(900, 500)]), engine);
  t.is(eldest([]), undefined);
});

test('a Docker engine is told from others, and from what executes it under another name', (t) => {
  const engine = dockerd(500, 400);
  // Started by runc, so none of the others is its parent.
  const helper = dockerd(30, 25, 'libnetwork-setkey -exec-root=/x/data/exec 0123');
  const other = dockerd(10, 1, 'dockerd');
  t.is(engineAmong([other, dockerd(20, 500), helper, engine], '/x'), engine);
  t.is(engineAmong([other, helper], '/x'), undefined);
});
