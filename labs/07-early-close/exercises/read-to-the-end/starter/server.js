/**
 * A server that says the same to everybody, whatever they ask.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  client.write('Hello Client!\n', () => client.destroy());
});
listener.listen(process.argv[2]);
