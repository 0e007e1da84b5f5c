/**
 * A client that sends a line, waits for Enter, sends the next one, and then reads one line.
 *
 * Usage: node ask-twice.js HOST PORT [MESSAGE ...]
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { run } from './steps.js';

/** Resolves to the line that the server answered, or to undefined if it gave no answer. */
async function ask(host, port, messages) {
  const keyboard = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  // Unless it may be half open, Node ends its own side at the server's end of file.
  const server = new Socket({ allowHalfOpen: process.env.ALLOW_HALF_OPEN === 'true' });
  // Node reads unasked, so the connection can fail while the program waits for something else.
  // Here to be found by the pause; without a listener an error would end the process.
  const failure = new Promise((_, reject) => server.on('error', reject));
  failure.catch(() => {});
  const send = promisify((message, done) => server.write(`${message}\n`, done));

  await run('connect', () => once(server.connect(port, host), 'connect'));
  console.log(`Connected to ${host}:${port}.`);
  const lines = createInterface({ input: server })[Symbol.asyncIterator]();
  try {
    for (const [number, message] of messages.entries()) {
      if (number > 0) await run('pause', () => Promise.race([keyboard.next(), failure]));
      await run('send', () => send(message));
    }
  } catch (error) {
    if (error.code !== 'EPIPE') throw error;
    // Nothing can be sent any more, but an answer may have come before.
    console.error('Broken pipe: the server has closed the connection.');
  }
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

const [host, port, ...messages] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535) {
  fail(2, 'Usage: node ask-twice.js HOST PORT [MESSAGE ...]');
}
try {
  if (messages.length === 0) messages.push('Hello Server!', 'Are you still there?');
  const reply = await ask(host, port, messages);
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
