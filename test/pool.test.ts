import test from 'ava';
import type { Engine, RoleLanguages, Topology, TopologySpec } from '../runners/engines/engine.ts';
import { Pool } from '../runners/pool.ts';

/** An engine whose topologies are numbers, and what was done to them. */
function engineOf() {
  const done: string[] = [];
  let made = 0;
  const engine = {
    keys: ({ kind, languages }: TopologySpec) => [kind, languages.client?.id ?? 'none'],
    async make({ kind, languages }: TopologySpec) {
      const number = ++made;
      done.push(`make ${kind} ${number} ${languages.client?.id}`);
      return {
        async admit({ client }: RoleLanguages) {
          done.push(`${number} admits ${client?.id}`);
          if (client?.id === 'refused') throw new Error('refused');
        },
        async close() {
          done.push(`close ${number}`);
        },
      } as unknown as Topology;
    },
  } as unknown as Engine;
  return { pool: new Pool(engine, 2), done };
}

function specOf(client: string, kind = 'direct'): TopologySpec {
  const languages = { client: { id: client } };
  return { kind, languages, ip: 4, sysctls: {}, needs: [] } as unknown as TopologySpec;
}

const whole = async () => ({ whole: true });

test('hosts that were left whole serve again, and admit what comes', async (t) => {
  const { pool, done } = engineOf();
  await pool.lend(specOf('java'), whole);
  await pool.lend(specOf('node'), whole);
  await pool.lend(specOf('java', 'routed'), whole);
  t.deepEqual(done, [
    ...['make direct 1 java', '1 admits java', '1 admits node'],
    ...['make routed 2 java', '2 admits java'],
  ]);
});

test('of several, those that have the programs already are taken', async (t) => {
  const { pool, done } = engineOf();
  await pool.lend(specOf('java'), () => pool.lend(specOf('node'), whole));
  done.length = 0;
  await pool.lend(specOf('java'), () => pool.lend(specOf('node'), whole));
  await pool.lend(specOf('node'), () => pool.lend(specOf('java'), whole));
  t.deepEqual(done, ['1 admits java', '2 admits node', '2 admits node', '1 admits java']);
});

test('hosts that are not whole, or could not admit, serve nobody', async (t) => {
  const { pool, done } = engineOf();
  await pool.lend(specOf('java'), async () => ({ whole: false }));
  await t.throwsAsync(pool.lend(specOf('refused'), whole), { message: 'refused' });
  t.deepEqual(done, [
    ...['make direct 1 java', '1 admits java', 'close 1'],
    ...['make direct 2 refused', '2 admits refused', 'close 2'],
  ]);
});

test('the oldest of too many are taken away', async (t) => {
  const { pool, done } = engineOf();
  for (const kind of ['direct', 'routed', 'proxied']) await pool.lend(specOf('java', kind), whole);
  t.is(done.at(-1), 'close 1');
});
