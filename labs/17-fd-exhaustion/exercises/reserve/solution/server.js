/**
 * A server that has lost all its file descriptors by the time you press Enter.
 *
 * It has some in reserve, with which it can still tell clients that it is busy.
 *
 * Usage: node server.js PORT
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { leak } from './exhaust.js';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();

async function serve(client) {
  await linesOf(client).next();
  client.end('Busy, try again later.\n');
}

/** So many clients can be told at once. */
const RESERVE = 16;
const reserve = Array.from({ length: RESERVE }, () => openSync('/dev/null'));

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
  // Node accepts unasked, so they must be free before clients come. Each is used again and again.
  for (const descriptor of reserve) closeSync(descriptor);
});
