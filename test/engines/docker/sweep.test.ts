import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import type { Docker } from '../../../runners/engines/docker/docker-client.ts';
import { ownerLabel, readOwner } from '../../../runners/engines/docker/owner.ts';
import { leftoversOf, type Resource, sweep } from '../../../runners/engines/docker/sweep.ts';
import { isAlive, type Owner, thisOwner } from '../../../runners/owner.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;
const live: Owner = { machine: 'here', pid: 10, started: '100' };
const dead: Owner = { machine: 'here', pid: 11, started: '100' };
const foreign: Owner = { machine: 'there', pid: 10, started: '100' };

function resource(id: string, owner: Owner | undefined, rest: Partial<Resource> = {}): Resource {
  const run = `run of ${owner?.machine} ${owner?.pid} ${owner?.started}`;
  return { kind: 'container', id, run, owner, running: false, createdMs: NOW - MINUTE, ...rest };
}

function swept(...resources: Resource[]): string[] {
  const decided = leftoversOf(resources, { machine: 'here', alive: [live], nowMs: NOW });
  return decided.map(({ id }) => id);
}

test('what a live run has is left alone, however old and still', (t) => {
  t.deepEqual(swept(resource('a', live, { createdMs: 0 }), resource('b', live)), []);
});

test('what a dead run of this machine has goes at once, also if it runs', (t) => {
  const network = resource('b', dead, { kind: 'network' });
  t.deepEqual(swept(resource('a', dead, { running: true }), network), ['a', 'b']);
});

test('a process that has the id of a dead owner does not make it live', (t) => {
  t.deepEqual(swept(resource('a', { ...live, started: '99' })), ['a']);
});

test("another machine's run is left alone while something of it runs or is young", (t) => {
  const old = { createdMs: NOW - 11 * MINUTE };
  t.deepEqual(
    swept(resource('a', foreign, { ...old, running: true }), resource('b', foreign, old)),
    [],
  );
  t.deepEqual(swept(resource('a', foreign), resource('b', foreign, old)), []);
  t.deepEqual(swept(resource('a', foreign, old), resource('b', foreign, old)), ['a', 'b']);
});

test('what has no owner is treated as another machine’s', (t) => {
  t.deepEqual(swept(resource('a', undefined)), []);
  t.deepEqual(swept(resource('a', undefined, { createdMs: NOW - 11 * MINUTE })), ['a']);
});

test("age counts by the engine's clock, whatever this machine's says", async (t) => {
  const removed = async (engineMs: number) => {
    const ids: string[] = [];
    const container = {
      ...{ Id: 'a', State: 'exited', Created: (engineMs - 11 * MINUTE) / 1000 },
      Labels: { 'reset-labs.run': 'r', 'reset-labs.owner': ownerLabel(foreign) },
    };
    const docker = {
      listContainers: async () => [container],
      listNetworks: async () => [],
      info: async () => ({ SystemTime: new Date(engineMs).toISOString() }),
      getContainer: (id: string) => ({ id, remove: async () => void ids.push(id) }),
    };
    await sweep(docker as unknown as Docker, live);
    return ids;
  };
  const hour = 60 * MINUTE;
  t.deepEqual(await removed(Date.now() - hour), ['a']);
  t.deepEqual(await removed(Date.now() + hour), ['a']);
});

test('a label tells the owner', async (t) => {
  const self = await thisOwner();
  t.deepEqual(readOwner(ownerLabel(self)), self);
  t.is(self.pid, process.pid);
  for (const label of [undefined, '', 'a:b:c', 'a:1', ':1:2']) t.is(readOwner(label), undefined);
});

test('this process lives; another of the same id, and one that has ended, do not', async (t) => {
  const self = await thisOwner();
  t.true(await isAlive(self));
  if (self.started !== '') t.false(await isAlive({ ...self, started: '1' }));
  const child = spawn('true');
  await once(child, 'exit');
  t.false(await isAlive({ ...self, pid: child.pid as number }));
});
