/**
 * A server that has lost all its file descriptors by the time you press Enter.
 *
 * Usage: node server.js PORT
 */
import { readSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { leak } from './exhaust.js';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();

async function serve(client) {
  await linesOf(client).next();
  client.end('Hello Client!\n');
}

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2], () => {
  // Waits for Enter, and for nothing else: no client is accepted meanwhile.
  readSync(0, Buffer.alloc(1));
  // It stands for a leak somewhere in a large program: leave it as it is.
  leak();
});
