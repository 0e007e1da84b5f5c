/**
 * A server that is busy: it looks at a request when you press Enter.
 *
 * On SIGTERM it accepts nobody any more, finishes what it has begun, and ends.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const linesOf = (input) => createInterface({ input })[Symbol.asyncIterator]();
const keyboard = linesOf(process.stdin);

async function serve(client) {
  await keyboard.next();
  await linesOf(client).next();
  client.end('Hello Client!\n');
}

// Paused: Node would read the request unasked, before the server looks at it.
const listener = createServer({ pauseOnConnect: true }, (client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  serve(client).catch(console.error);
});
listener.listen(process.argv[2]);

// It is closed when the last client has gone; then only the keyboard would keep the program alive.
process.once('SIGTERM', () => listener.close(() => process.exit()));
