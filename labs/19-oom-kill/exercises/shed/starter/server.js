/**
 * A server whose work takes as much memory as there is; it begins when you press Enter.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { take } from './exhaust.js';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();
const keyboard = linesOf(process.stdin);

function work() {
  for (const taken = []; ; ) taken.push(take());
}

async function serve(client) {
  await linesOf(client).next();
  await keyboard.next();
  work();
  client.end('Hello Client!\n');
}

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2]);
