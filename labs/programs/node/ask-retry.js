/**
 * A client that sends one line and reads one line, and finds out by itself that the server is gone.
 * A request that got no reply is asked again over a new connection.
 *
 * Usage: node ask-retry.js HOST PORT [MESSAGE]
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { run } from './steps.js';

const TRIES = 4;

/** Resolves to the line that the server answered, or to undefined if it gave no answer. */
async function ask(host, port, message) {
  const server = new Socket();
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  server.on('error', () => {});
  const send = promisify((message, done) => server.write(`${message}\n`, done));

  await run('connect', () => once(server.connect(port, host), 'connect'));
  // Without a delay: with one, Node sets all three times by itself, and not only the first.
  server.setKeepAlive(true);
  console.log(`Connected to ${host}:${port}.`);
  const lines = createInterface({ input: server })[Symbol.asyncIterator]();
  await run('send', () => send(message));
  const reply = await run('read', () => lines.next());
  await run('close', async () => {
    // Not end(): that sends a FIN and waits for the server's.
    server.destroy();
    if (!server.closed) await once(server, 'close');
  });
  return reply.value;
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [host, port, message = 'Hello Server!', ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || others.length > 0) {
  fail(2, 'Usage: node ask-retry.js HOST PORT [MESSAGE]');
}
for (let tries = 1; ; tries += 1) {
  const failure = await attempt();
  if (failure === undefined) break;
  if (message.startsWith('Pay')) {
    fail(1, `${failure}\nNot repeated: the server may have done it already.`);
  }
  if (tries === TRIES) fail(1, failure);
  console.error(`Trying again: ${failure}`);
  // A random time, lest all clients that failed together come back together.
  await run('backoff', () => setTimeout(Math.random() * 50 * 2 ** tries));
}

/** Resolves to the sentence that says how it failed, or to nothing if the server answered. */
async function attempt() {
  try {
    const reply = await ask(host, port, message);
    if (reply === undefined) return 'The server closed the connection without a reply.';
    console.log(`The server said: ${reply}`);
  } catch (error) {
    switch (error.code) {
      case 'ECONNREFUSED':
        return `Connection refused: nothing listens on ${host}:${port}.`;
      case 'ECONNRESET':
        return 'Connection reset: the server or something on the way aborted the connection.';
      case 'EPIPE':
      case 'ETIMEDOUT':
      case 'EHOSTUNREACH':
        return `Connection failed: ${error.message}`;
      default:
        fail(1, `Connection failed: ${error.message}`);
    }
  }
}
