/**
 * A server that answers the first line of a client, and closes.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();

async function serve(client) {
  await linesOf(client).next();
  client.write('Hello Client!\n', () => client.destroy());
}

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2]);
