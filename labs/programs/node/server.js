/**
 * A server that accepts one connection and then behaves as it is told.
 *
 * Usage: node server.js PORT reply|close|abort|never-read|never-reply
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { run } from './steps.js';

const behaviours = {
  async reply(client) {
    await read(client);
    await run(
      'send',
      promisify((done) => client.write('Hello Client!\n', done)),
    );
    await close(client);
  },
  async close(client) {
    await read(client);
    await close(client);
  },
  async abort(client) {
    await read(client);
    await run('abort', () => closed(client.resetAndDestroy()));
  },
  async 'never-read'(client) {
    await wait(client);
    await close(client);
  },
  async 'never-reply'(client) {
    await read(client);
    await wait(client);
    await close(client);
  },
};

const read = (client) => {
  const lines = createInterface({ input: client })[Symbol.asyncIterator]();
  return run('read', () => lines.next());
};

/** Waits for the end of standard input; a failure of the connection comes unasked and ends it. */
const wait = (client) => {
  const failure = new Promise((_, reject) => client.on('error', reject));
  return run('wait', () => Promise.race([once(process.stdin.resume(), 'end'), failure]));
};

/** Not end(): that sends a FIN and waits for the client's. */
const close = (client) => run('close', () => closed(client.destroy()));

const closed = async (socket) => {
  if (!socket.closed) await once(socket, 'close');
};

async function serve(port, behaviour) {
  // Node reads unasked; paused, it leaves the request in the receive queue.
  const listener = createServer({ pauseOnConnect: behaviour === 'never-read' });
  await run('listen', () => once(listener.listen(port), 'listening'));
  const [client] = await run('accept', () => once(listener, 'connection'));
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  client.on('error', () => {});
  // It would go on to accept connections unasked.
  listener.close();
  await behaviours[behaviour](client);
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [port, behaviour, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || behaviour === undefined || others.length > 0) {
  fail(2, `Usage: node server.js PORT ${Object.keys(behaviours).join('|')}`);
}
if (!Object.hasOwn(behaviours, behaviour)) fail(127, `Unknown behaviour: ${behaviour}`);
try {
  await serve(port, behaviour);
} catch (error) {
  fail(1, `Connection failed: ${error.message}`);
}
