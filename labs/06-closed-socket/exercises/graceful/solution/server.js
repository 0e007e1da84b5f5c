/**
 * A server that answers the first line of a client, and lets it finish.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();

async function serve(client) {
  const lines = linesOf(client);
  await lines.next();
  // Our FIN: nothing more comes from here. The socket stays, and reads.
  client.end('Hello Client!\n');
  while (!(await lines.next()).done);
}

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2]);
