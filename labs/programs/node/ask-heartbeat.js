/**
 * A client that sends one line and reads one line. While it waits it asks for signs of life;
 * without one, or without a reply, it asks once more over a new connection.
 *
 * Usage: node ask-heartbeat.js HOST PORT
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { run } from './steps.js';

// Milliseconds.
const INTERVAL = 250;
const PATIENCE = 1000;

/** Resolves to the line that the server answered, or to undefined if it gave no answer. */
async function ask(host, port) {
  const server = new Socket();
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  server.on('error', () => {});
  const send = promisify((message, done) => server.write(`${message}\n`, done));

  await run('connect', () => once(server.connect(port, host), 'connect'));
  console.log(`Connected to ${host}:${port}.`);
  const lines = createInterface({ input: server })[Symbol.asyncIterator]();
  await run('send', () => send('Hello Server!'));
  const reply = await run('read', () => read(server, lines));
  await run('close', async () => {
    // Not end(): that sends a FIN and waits for the server's.
    server.destroy();
    if (!server.closed) await once(server, 'close');
  });
  return reply.value;
}

/** Reads the reply, and sends a heartbeat whenever nothing has come for a while. */
async function read(server, lines) {
  const nothing = Symbol();
  let line = lines.next();
  for (let silence = 0; ; ) {
    const heard = await Promise.race([line, setTimeout(INTERVAL, nothing, { ref: false })]);
    if (heard === nothing) {
      silence += INTERVAL;
      if (silence >= PATIENCE) {
        server.destroy();
        throw new DOMException('no sign of life from the server', 'TimeoutError');
      }
      server.write('Heartbeat\n');
    } else if (heard.value === 'Heartbeat') {
      silence = 0;
      line = lines.next();
    } else {
      return heard;
    }
  }
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [host, port, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || others.length > 0) {
  fail(2, 'Usage: node ask-heartbeat.js HOST PORT');
}
let failure = await attempt();
if (failure !== undefined) {
  console.error(`Trying again: ${failure}`);
  failure = await attempt();
}
if (failure !== undefined) fail(1, failure);

/** Resolves to the sentence that says how it failed, or to nothing if the server answered. */
async function attempt() {
  try {
    const reply = await ask(host, port);
    if (reply === undefined) return 'The server closed the connection without a reply.';
    console.log(`The server said: ${reply}`);
  } catch (error) {
    if (error.name === 'TimeoutError') return 'No sign of life from the server.';
    switch (error.code) {
      case 'ECONNREFUSED':
        return `Connection refused: nothing listens on ${host}:${port}.`;
      case 'ECONNRESET':
        return 'Connection reset: the server or something on the way aborted the connection.';
      default:
        return `Connection failed: ${error.message}`;
    }
  }
}
