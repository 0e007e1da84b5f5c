import test from 'ava';
import { leftOut, type PlanOptions, PORTS, plan, topologyOf } from '../runners/plan.ts';
import { CRASH, cellOf, LANGUAGES } from './_observation.ts';

const { java, node, python } = LANGUAGES;
const abort = { ...CRASH, number: '03', name: 'abort' };

function planned(more: Partial<PlanOptions> = {}) {
  return plan({
    labs: [abort, CRASH],
    clients: [java, python],
    servers: [python, node],
    engine: 'local',
    ip: 4,
    repeat: 2,
    firstPort: PORTS.first,
    ...more,
  });
}

test('each lab meets each client and each server as often as asked', (t) => {
  t.deepEqual(
    planned().map(({ id }) => id),
    [
      '03-abort-java-python-1',
      '03-abort-python-python-1',
      '03-abort-java-node-1',
      '03-abort-python-node-1',
      '03-abort-java-python-2',
      '03-abort-python-python-2',
      '03-abort-java-node-2',
      '03-abort-python-node-2',
      '04-crash-server-java-python-1',
      '04-crash-server-python-python-1',
      '04-crash-server-java-node-1',
      '04-crash-server-python-node-1',
      '04-crash-server-java-python-2',
      '04-crash-server-python-python-2',
      '04-crash-server-java-node-2',
      '04-crash-server-python-node-2',
    ],
  );
});

test('a cell has what its id says', (t) => {
  const [, cell] = planned({ engine: 'docker', ip: 6 });
  t.is(cell?.ip, 6);
  t.is(cell?.lab, abort);
  t.is(cell?.client, python);
  t.is(cell?.server, python);
  t.is(cell?.engine, 'docker');
  t.is(cell?.repeat, 1);
});

test('each cell has a port of its own, in order from the first', (t) => {
  t.deepEqual(
    planned({ firstPort: 25_000 }).map(({ port }) => port),
    Array.from({ length: 16 }, (_, index) => 25_000 + index),
  );
});

test('after the last port comes the first', (t) => {
  const ports = planned({ firstPort: PORTS.last - 2 }).map(({ port }) => port);
  t.deepEqual(ports.slice(0, 4), [31_998, 31_999, 20_000, 20_001]);
});

test('ports lie below those that Linux takes for clients', (t) => {
  const ports = planned({ repeat: 2000, firstPort: 31_000 }).map(({ port }) => port);
  t.true(Math.max(...ports) < 32_768);
  t.true(Math.min(...ports) >= 20_000);
});

test('a lab without a server meets each client once, whatever servers there are', (t) => {
  const refused = { ...CRASH, number: '02', name: 'refused', server: 'none' as const };
  t.is(planned({ labs: [refused], servers: [python], repeat: 1 }).length, 2);
});

test('without labs there is no cell', (t) => {
  t.deepEqual(planned({ labs: [] }), []);
});

test('a cell is named by its variant and its cure, too', (t) => {
  const labs = [
    { ...CRASH, variant: 'listening' },
    { ...CRASH, variant: 'listening', cure: 'retry' },
    { ...CRASH, cure: 'retry' },
  ];
  t.deepEqual(
    planned({ labs, clients: [java], servers: [python], repeat: 1 }).map(({ id }) => id),
    [
      '04-crash-server-listening-java-python-1',
      '04-crash-server-listening-retry-java-python-1',
      '04-crash-server-retry-java-python-1',
    ],
  );
});

test('a version that was asked for stands in the name of its cell', (t) => {
  const version = { name: '25', image: 'on request' } as const;
  const java25 = { ...java, id: 'java@25', version };
  t.deepEqual(
    planned({ labs: [CRASH], clients: [java, java25], servers: [java25], repeat: 1 }).map(
      ({ id }) => id,
    ),
    ['04-crash-server-java-java@25-1', '04-crash-server-java@25-java@25-1'],
  );
});

test('a cell asks for the hosts that its lab needs', (t) => {
  t.deepEqual(topologyOf(cellOf()), {
    kind: 'direct',
    languages: { client: python, server: python },
    ip: 4,
    sysctls: {},
    needs: [],
  });
  const sysctls = { client: { 'net.ipv4.tcp_retries2': 1 } };
  const lab = { topology: 'routed', sysctls, needs: ['nft', 'conntrack'] } as const;
  t.deepEqual(topologyOf(cellOf(lab, { client: java, ip: 6 })), {
    kind: 'routed',
    languages: { client: java, server: python },
    ip: 6,
    sysctls,
    needs: ['nft', 'conntrack'],
  });
});

const { ask: _, ...withoutAsk } = python.run;
const mute = { ...python, run: withoutAsk, lacks: { ask: 'it cannot ask' } };

test('a language that has no program for a story has no cell of it, and the reason is kept', (t) => {
  const how = { labs: [CRASH], clients: [java, mute], servers: [python, node], repeat: 2 };
  t.true(planned(how).every(({ client }) => client === java));
  t.is(planned(how).length, 4);
  t.deepEqual(leftOut(how), [{ language: 'python', because: 'it cannot ask', cells: 4 }]);
});

test('a behaviour that a server has not is told from the program', (t) => {
  const shy = { ...node, lacks: { 'server never-read': 'it reads unasked' } };
  const how = { labs: [abort, CRASH], clients: [java, mute], servers: [shy], repeat: 1 };
  // What both lack is told of the client.
  t.deepEqual(leftOut(how), [
    { language: 'node', because: 'it reads unasked', cells: 2 },
    { language: 'python', because: 'it cannot ask', cells: 2 },
  ]);
});

test('a server that is not started lacks nothing', (t) => {
  const refused = { ...CRASH, server: 'none' as const };
  const shy = { ...node, run: {}, lacks: { server: 'so' } };
  t.is(planned({ labs: [refused], clients: [java], servers: [shy], repeat: 1 }).length, 1);
});

test('alike: each client meets the server of its own language', (t) => {
  const all = [java, node, python];
  const how = { labs: [CRASH], clients: all, servers: all, alike: true, repeat: 1 };
  t.deepEqual(
    planned(how).map(({ client, server }) => [client.name, server.name]),
    all.map(({ name }) => [name, name]),
  );
  t.deepEqual(leftOut({ ...how, clients: [java, mute], servers: [java, mute] }), [
    { language: 'python', because: 'it cannot ask', cells: 1 },
  ]);
});
