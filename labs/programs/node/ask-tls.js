/**
 * A client that sends one line and reads one line, over TLS. It does not look at the certificate.
 *
 * Usage: node ask-tls.js HOST PORT
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { run } from './steps.js';

/** Resolves to the line that the server answered, or to undefined if it gave no answer. */
async function ask(host, port) {
  // Unless it may be half open, Node ends its own side at the server's end of file.
  const socket = new Socket({ allowHalfOpen: process.env.ALLOW_HALF_OPEN === 'true' });
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  socket.on('error', () => {});

  await run('connect', () => once(socket.connect(port, host), 'connect'));
  console.log(`Connected to ${host}:${port}.`);
  const server = connect({ socket, rejectUnauthorized: false });
  server.on('error', () => {});
  const send = promisify((message, done) => server.write(`${message}\n`, done));
  await run('handshake', () => once(server, 'secureConnect')).catch((error) => {
    // An end of file has the code of a reset too, but no system call that met it.
    if (error.code === 'ECONNRESET' && error.syscall) throw error;
    fail(1, `TLS handshake failed: ${error.message}`);
  });
  const lines = createInterface({ input: server })[Symbol.asyncIterator]();
  await run('send', () => send('Hello Server!'));
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

const [host, port, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || others.length > 0) {
  fail(2, 'Usage: node ask-tls.js HOST PORT');
}
try {
  const reply = await ask(host, port);
  if (reply === undefined) fail(1, 'The server closed the connection without a reply.');
  console.log(`The server said: ${reply}`);
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
