import test from 'ava';
import { CellRouter } from '../../runners/cell/router.ts';
import { HostError } from '../../runners/engines/agent/host-error.ts';

const PORT = 20_000;
/** A connected socket of the client, 192.0.2.1:40000, as /proc/net/tcp tells it. */
const CONNECTED =
  '0: 010200C0:9C40 020200C0:4E20 01 00000000:00000000 00:00000000 00000000 0 0 1 1 0';
const FLOW = `tcp 6 9 ESTABLISHED src=192.0.2.1 dst=192.0.2.2 sport=40000 dport=${PORT}`;
const NONE = "conntrack v1.4.8 (conntrack-tools): Operation failed: such conntrack doesn't exist";

type Answer = { readonly lines: readonly string[]; readonly status: number };

/** A router that answers so, and what it was asked. */
function routerOf(answers: readonly Answer[], sockets: readonly string[][]) {
  const asked: string[] = [];
  const left = [...answers];
  const leftSockets = [...sockets];
  const administrator = {
    ask: async (...words: string[]) => {
      asked.push(words.join(' '));
      return left.shift() ?? { lines: [], status: 127 };
    },
  };
  const agent = { ask: async () => ({ lines: leftSockets.shift() ?? [], status: 0 }) };
  const client = {
    host: { agent, address: '192.0.2.1' },
    acts: (_: string, act: () => Promise<unknown>) => act(),
  };
  const means = { port: PORT, ip: 4, client, server: { host: { address: '192.0.2.2' } } };
  const host = { host: { administrator } };
  type Arguments = ConstructorParameters<typeof CellRouter>;
  return {
    router: new CellRouter(host as unknown as Arguments[0], means as unknown as Arguments[1]),
    asked,
  };
}

test('an entry is looked up by its ports, also when the client has no socket any more', async (t) => {
  const { router, asked } = routerOf(
    [
      { lines: [FLOW], status: 0 },
      { lines: [FLOW], status: 0 },
      { lines: [NONE], status: 1 },
    ],
    [[CONNECTED]],
  );
  await router.hasConnection();
  await router.forgetsConnection();
  const entry = `-s 192.0.2.1 -d 192.0.2.2 -p tcp --dport ${PORT} --sport 40000`;
  t.deepEqual(asked, Array(3).fill(`run conntrack -G ${entry}`));
});

test('what is idle is waited for until it is forgotten, or has outlived its timeout', async (t) => {
  const known = { lines: [FLOW], status: 0 };
  const forgotten = routerOf([known, known, { lines: [NONE], status: 1 }], [[CONNECTED]]);
  await forgotten.router.forgetsWhatIsIdle(60_000);
  t.is(forgotten.asked.length, 3);
  const kept = routerOf(Array(1000).fill(known), [[CONNECTED]]);
  await kept.router.forgetsWhatIsIdle(50);
  t.true(kept.asked.length > 1 && kept.asked.length < 1000);
});

test('without a known port all entries are looked through', async (t) => {
  const { router, asked } = routerOf(
    [{ lines: ['0 flow entries have been shown'], status: 0 }],
    [],
  );
  await router.forgetsConnection();
  t.deepEqual(asked, [`run conntrack -L -f ipv4 -s 192.0.2.1 -d 192.0.2.2 -p tcp --dport ${PORT}`]);
});

test('a command that fails does not mean that the connection is forgotten', async (t) => {
  const refused = { lines: ['Operation failed: Operation not permitted'], status: 1 };
  const { router } = routerOf([refused], [[CONNECTED]]);
  await t.throwsAsync(router.forgetsConnection(), {
    message: /cannot be seen \(1\).*not permitted/,
  });
});

test('a command that is not there is no story of the connection', async (t) => {
  const { router } = routerOf([{ lines: ['conntrack: not found'], status: 127 }], [[CONNECTED]]);
  await t.throwsAsync(router.hasConnection(), { instanceOf: HostError, message: /not found/ });
});
