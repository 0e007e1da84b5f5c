/**
 * A server that reads a request, and then throws the connection away.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();

async function serve(client) {
  await linesOf(client).next();
  // As lingering for 0 seconds: a close that waits for nothing.
  client.resetAndDestroy();
}

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2]);
