/**
 * A server that says the same to everybody, but listens to what they ask.
 *
 * Usage: node server.js PORT
 */
import { createServer } from 'node:net';

const listener = createServer((client) => {
  // One client's connection may fail: no reason to let the others down.
  client.on('error', () => {});
  // Our FIN comes after the reply; then the client closes, and we see its FIN.
  client.end('Hello Client!\n');
  client.resume();
});
listener.listen(process.argv[2]);
