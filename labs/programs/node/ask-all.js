/**
 * A client that sends one line and reads lines until the end of file.
 *
 * Usage: node ask-all.js HOST PORT
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { run } from './steps.js';

/** Prints each line that the server answered, and resolves to how many there were. */
async function ask(host, port) {
  // Unless it may be half open, Node ends its own side at the server's end of file.
  const server = new Socket({ allowHalfOpen: process.env.ALLOW_HALF_OPEN === 'true' });
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  server.on('error', () => {});
  const send = promisify((message, done) => server.write(`${message}\n`, done));

  await run('connect', () => once(server.connect(port, host), 'connect'));
  console.log(`Connected to ${host}:${port}.`);
  const lines = createInterface({ input: server })[Symbol.asyncIterator]();
  await run('send', () => send('Hello Server!'));
  let replies = 0;
  for (;;) {
    const reply = await run('read', () => lines.next());
    if (reply.done) break;
    console.log(`The server said: ${reply.value}`);
    replies += 1;
  }
  await run('close', async () => {
    // Not end(): that sends a FIN and waits for the server's.
    server.destroy();
    if (!server.closed) await once(server, 'close');
  });
  return replies;
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [host, port, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || others.length > 0) {
  fail(2, 'Usage: node ask-all.js HOST PORT');
}
try {
  const replies = await ask(host, port);
  if (replies === 0) fail(1, 'The server closed the connection without a reply.');
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
