/**
 * A server that knows its limits: at them it says that it is busy, in place of failing.
 *
 * Usage: node server-limits.js PORT reserve|shed
 */
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { leak, PIECE, take } from './exhaust.js';
import { run } from './steps.js';

const BUDGET = 64 * 1024 * 1024;

const limits = {
  /** Keeps a descriptor for the moment when there is no other. */
  async reserve(listener) {
    const reserve = openSync('/dev/null');
    await run('leak', leak);
    closeSync(reserve);
    const client = await accept(listener);
    await read(client);
    return client;
  },
  /** Counts what a request costs, and drops it when it costs too much. */
  async shed(listener) {
    const client = await accept(listener);
    await read(client);
    // Node reads unasked, so the connection can fail while the server waits for something else.
    const failure = new Promise((_, reject) => client.on('error', reject));
    const enter = once(createInterface({ input: process.stdin }), 'line');
    await run('pause', () => Promise.race([enter, failure]));
    await run('grow', () => {
      const taken = [];
      while ((taken.length + 1) * PIECE <= BUDGET) taken.push(take());
    });
    return client;
  },
};

const accept = async (listener) => {
  const [client] = await run('accept', () => once(listener, 'connection'));
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  client.on('error', () => {});
  // It would go on to accept connections unasked.
  listener.close();
  return client;
};

const read = (client) => {
  const lines = createInterface({ input: client })[Symbol.asyncIterator]();
  return run('read', () => lines.next());
};

async function serve(port, limit) {
  // Half open: at the client's end of file Node would close our direction too, before the reply.
  const listener = createServer({ allowHalfOpen: true });
  await run('listen', () => once(listener.listen(port), 'listening'));
  const client = await limits[limit](listener);
  await run(
    'send',
    promisify((done) => client.write('Busy, try again later.\n', done)),
  );
  await run('close', async () => {
    // Not end(): that sends a FIN and waits for the client's.
    client.destroy();
    if (!client.closed) await once(client, 'close');
  });
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [port, limit, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || limit === undefined || others.length > 0) {
  fail(2, `Usage: node server-limits.js PORT ${Object.keys(limits).join('|')}`);
}
if (!Object.hasOwn(limits, limit)) fail(127, `Unknown limit: ${limit}`);
try {
  await serve(port, limit);
  process.exit(); // The keyboard would keep the program alive.
} catch (error) {
  fail(1, `Connection failed: ${error.message}`);
}
