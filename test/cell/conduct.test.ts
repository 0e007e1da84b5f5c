import test, { type ExecutionContext } from 'ava';
import type { NamedLab } from '../../runners/catalog/lab.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { observe } from '../../runners/cell/observe.ts';
import { until } from '../../runners/deadline.ts';
import { openLocalEngine } from '../../runners/engines/local/local-engine.ts';
import { assertNamespaces } from '../../runners/engines/local/permission.ts';
import { plan, topologyOf } from '../../runners/plan.ts';
import { messageOf } from '../../runners/user-error.ts';
import { judge } from '../../runners/verdict/judge.ts';

const problem = await assertNamespaces().then(() => undefined, messageOf);
const local = problem === undefined ? test : test.skip;

/** A cell in Node.js, of a lab or what is made of it, with the hosts for it. */
async function staged(t: ExecutionContext, name: string, change: Partial<NamedLab> = {}) {
  const [labs, clients] = await Promise.all([loadLabs([name]), loadLanguages(['node'], '-')]);
  const runId = `conduct-${name}`;
  const engine = await openLocalEngine({ runId, capture: true, progress: () => {} });
  t.teardown(() => engine.close());
  const [cell] = plan({
    labs: labs.map((lab) => ({ ...lab, ...change })),
    ...{ clients, servers: clients, engine: 'local', ip: 4, repeat: 1, firstPort: 20_000 },
  });
  if (cell === undefined) throw new Error('there is no cell');
  await engine.prepare(cell.server);
  return { cell, engine, topology: await engine.make(topologyOf(cell)) };
}

local('a port that is taken fails the cell, and the reason names the port', async (t) => {
  const { cell, engine, topology } = await staged(t, 'hello');
  const { folder, command } = engine.installed(cell.server, 'server');
  const words = [...command, String(cell.port), 'never-read'];
  const other = topology.hosts.server.programs.start('other', folder, words);
  await until(
    'the other server',
    async () => other.lines.some((line) => /listen\tok/.test(line)) || undefined,
  );

  const { observation } = await observe(cell, topology, engine, {
    leaveOut: new Set(),
    looking: false,
  });
  const { verdict, reason } = judge(cell, observation);
  t.is(verdict, 'fail');
  t.regex(reason, /^the server cannot listen on port 20000: .*EADDRINUSE/);
});

local(
  'what the server would have to be shown by a client that has ended is given up',
  async (t) => {
    const { cell, engine, topology } = await staged(t, 'crash-server', {
      // The client meets the reset and ends; after it nothing can come.
      async fault({ server }) {
        await server.hasUnread();
        await server.kill('SIGKILL');
        await server.startsAgain();
        await server.hasUnread();
      },
    });
    const { observation } = await observe(cell, topology, engine, {
      leaveOut: new Set(),
      looking: false,
    });
    const { verdict, reason } = judge(cell, observation);
    t.is(verdict, 'fail');
    t.regex(reason, /the client ended before bytes in the receive queue on the server came/);
  },
);
