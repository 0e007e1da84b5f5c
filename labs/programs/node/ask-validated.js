/**
 * A client that asks twice over one connection, as a pool of connections does, but looks whether
 * the connection is still good before it uses it again.
 *
 * Usage: node ask-validated.js HOST PORT [MAX_IDLE_MS]
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { run } from './steps.js';

/** Resolves to the line that the server answered last, or to undefined if it gave no answer. */
async function ask(host, port, maxIdle) {
  const keyboard = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  let server = await open(host, port);
  let reply = await server.ask('Hello Server!');
  if (!reply.done) {
    console.log(`The server said: ${reply.value}`);
    const since = performance.now();
    await run('pause', () => keyboard.next());
    const expired = performance.now() - since > maxIdle;
    if (expired || !(await server.isGood())) {
      await server.close();
      server = await open(host, port);
    }
    reply = await server.ask('Hello Server!');
  }
  await server.close();
  return reply.value;
}

async function open(host, port) {
  const server = new Socket();
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  server.on('error', () => {});
  const send = promisify((message, done) => server.write(`${message}\n`, done));

  await run('connect', () => once(server.connect(port, host), 'connect'));
  console.log(`Connected to ${host}:${port}.`);
  const lines = createInterface({ input: server })[Symbol.asyncIterator]();
  let heard = 0;
  return {
    async ask(message) {
      await run('send', () => send(message));
      const reply = await run('read', () => lines.next());
      heard = server.bytesRead;
      return reply;
    },
    /** Resolves to whether nothing has come since the last reply. */
    isGood: () =>
      run('validate', async () => {
        // Node reads unasked: what the system has, it has too, once it has been around its loop.
        await setImmediate();
        if (server.errored) throw server.errored;
        return { done: server.readableEnded || server.bytesRead > heard };
      }).then(
        ({ done }) => !done,
        () => false,
      ),
    close: () =>
      run('close', async () => {
        // Not end(): that sends a FIN and waits for the server's.
        server.destroy();
        if (!server.closed) await once(server, 'close');
      }),
  };
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [host, port, maxIdle = 'Infinity', ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || !(Number(maxIdle) >= 0) || others.length > 0) {
  fail(2, 'Usage: node ask-validated.js HOST PORT [MAX_IDLE_MS]');
}
try {
  const reply = await ask(host, port, maxIdle);
  if (reply === undefined) fail(1, 'The server closed the connection without a reply.');
  console.log(`The server said: ${reply}`);
  process.exit(); // The keyboard would keep the program alive.
} catch (error) {
  switch (error.code) {
    case 'ECONNREFUSED':
      fail(1, `Connection refused: nothing listens on ${host}:${port}.`);
      break;
    case 'ECONNRESET':
      fail(1, 'Connection reset: the server or something on the way aborted the connection.');
      break;
    default:
      fail(1, `Connection failed: ${error.message}`);
  }
}
