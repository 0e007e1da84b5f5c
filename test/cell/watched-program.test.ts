// What can be waited for of a program that reports nothing: real programs, on hosts of the local engine.
import '../_impatient.ts';
import test from 'ava';
import { freeDescriptors } from '../../runners/cell/process.ts';
import { PATIENCE_MS } from '../../runners/deadline.ts';
import type { Topology } from '../../runners/engines/engine.ts';
import { engineFor, PORT, says, specOf, topologyFor } from '../engines/local/_local.ts';
import { end, goesOn, problem, seenOf, serverThat, tell, watch } from './_watched.ts';

const local = problem === undefined ? test : test.skip;
const OPEN = "require('node:fs').openSync('/dev/null')";

local('a program settles when all its threads sleep, not while it is stopped', async (t) => {
  const server = await serverThat(t, {});
  await server.program.signal('STOP');
  const settles = server.settles();
  t.true(await goesOn(server, settles));
  await server.program.signal('CONT');
  await settles;
  t.true(await server.settlesOrEnds());
});

local('a program that computes has not settled; one that ends never does', async (t) => {
  const server = await serverThat(t, { told: "say('done'); for (;;);" });
  await tell(server);
  const [settles, orEnds] = [server.settles(), server.settlesOrEnds()];
  t.true(await goesOn(server, Promise.race([settles, orEnds])));
  const refused = t.throwsAsync(settles, {
    message: 'the server ended before it slept; its last report was ""',
  });
  await end(server);
  await refused;
  t.false(await orEnds);
});

local('descriptors: it waits until no more are left than that', async (t) => {
  const server = await serverThat(t, { told: `try { for (;;) ${OPEN}; } catch {}` });
  const free = (await freeDescriptors(await seenOf(server))) ?? 0;
  await server.hasDescriptorsLeft(free);
  const fewer = server.hasDescriptorsLeft(free - 1);
  t.true(await goesOn(server, fewer));
  await tell(server);
  await fewer;
  await server.hasDescriptorsLeft(0);
  await end(server);
  await t.throwsAsync(server.hasDescriptorsLeft(0), {
    message: 'the server ended with status 137 before its descriptors were counted',
  });
});

local('memory: it waits until a program has had so much', async (t) => {
  const server = await serverThat(t, { told: 'Buffer.alloc(64e6, 1)' });
  const before = await server.peakMemory();
  await server.hasHad(before);
  const more = server.hasHad(before + 50);
  t.true(await goesOn(server, more));
  await tell(server);
  await more;
  await end(server);
  const ended = { message: 'the server ended with status 137 before its memory was looked at' };
  await t.throwsAsync(server.peakMemory(), ended);
  await t.throwsAsync(server.hasHad(before), ended);
});

local('what does not come is told with what is there in its place', async (t) => {
  t.timeout(4 * PATIENCE_MS);
  const server = await serverThat(t, {});
  const free = await freeDescriptors(await seenOf(server));
  const seconds = PATIENCE_MS / 1000;
  await Promise.all([
    t.throwsAsync(server.hasDescriptorsLeft(7), {
      message: `a server that may open at most 7 more files did not come within ${seconds} s; instead: it may open ${free} more`,
    }),
    t.throwsAsync(server.hasHad(4000), {
      message: new RegExp(
        `^4000 MB in the memory of the server did not come within ${seconds} s; instead: \\d+ MB$`,
      ),
    }),
  ]);
});

local(
  'a listening socket counts on the port of the cell only, and goes with its process',
  async (t) => {
    const listener = "require('node:net').createServer()";
    const server = await serverThat(t, {
      first: `let port = ${PORT + 1}; const all = []`,
      told: `all.push(${listener}.listen(port--, '0.0.0.0'))`,
    });
    await server.closesListener(PATIENCE_MS);
    const opens = server.opensListener(PATIENCE_MS);
    await tell(server);
    t.true(await goesOn(server, opens), 'on another port');
    await server.program.input('');
    await opens;
    const closes = server.closesListener(PATIENCE_MS);
    t.true(await goesOn(server, closes));
    await t.throwsAsync(server.closesListener(1), {
      message: 'the end of the listening socket of the server did not come within 0.001 s',
    });
    await end(server);
    await closes;
    await t.throwsAsync(server.opensListener(PATIENCE_MS), {
      message: 'the server ended with status 137 before it listened',
    });
  },
);

/** A client that writes for each line that it is told, and a server that reads and says nothing. */
async function pair(topology: Topology) {
  const server = watch(
    'server',
    topology,
    `require('node:net').createServer((socket) => socket.resume()).listen(${PORT}, () => say('listens'))`,
  );
  await says(server.program, 'listens');
  const client = watch(
    'client',
    topology,
    `const socket = require('node:net').connect(${PORT}, '${topology.hosts.server.address}');
    const tell = (step, how) => say([0, step, how].join(String.fromCharCode(9)));
    socket.on('connect', () => { tell('read', 'begin'); say('connected'); });
    process.stdin.on('data', () => socket.write('more', () => say('done')))`,
  );
  await says(client.program, 'connected');
  return { client, server };
}

local('an answer is an acknowledgement of all, or the end of the connection', async (t) => {
  const engine = await engineFor(t);
  if (await engine.lacks('nft')) return t.pass('there is no nft here');
  const { client, server } = await pair(await engine.make(specOf({ needs: ['nft'] })));
  await client.isAnswered();
  await server.host.dropsArriving('all');
  await tell(client);
  const answered = client.isAnswered();
  t.true(await goesOn(client, answered));
  await server.host.dropsNothing();
  await answered;
  await end(server);
  await end(client);
  await client.losesConnection();
  await t.notThrowsAsync(client.isAnswered());
});

local('who has ended does not block', async (t) => {
  const { client } = await pair(await topologyFor(t, {}));
  await client.blocks('read');
  // Its last words have been said, and its connection is still on the way to its end.
  await end(client);
  await t.throwsAsync(client.blocks('read'), {
    message: /^the client ended before it blocked in "read"; its last report was /,
  });
});
