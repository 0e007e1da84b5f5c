/**
 * A server whose work takes as much memory as it may; it begins when you press Enter.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { PIECE, take } from './exhaust.js';

const BUDGET = 64 * 1024 * 1024;

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();
const keyboard = linesOf(process.stdin);

function work() {
  const taken = [];
  while ((taken.length + 1) * PIECE <= BUDGET) taken.push(take());
}

async function serve(client) {
  await linesOf(client).next();
  await keyboard.next();
  // The work would need more: it is given up, not the server.
  work();
  client.end('Busy, try again later.\n');
}

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2]);
