/**
 * A server that accepts one connection and then behaves as it is told.
 *
 * Usage: node server.js PORT BEHAVIOUR
 */
import { on, once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { leak, take } from './exhaust.js';
import { run } from './steps.js';

const REPLY = 'Hello Client!';

const accept = async (listener) => {
  const [client] = await run('accept', () => once(listener, 'connection'));
  // It would go on to accept connections unasked.
  listener.close();
  return client;
};

const linesOf = (client) => createInterface({ input: client })[Symbol.asyncIterator]();

const read = (client) => {
  const lines = linesOf(client);
  return run('read', () => lines.next());
};

const write = promisify((client, line, done) => client.write(`${line}\n`, done));

const reply = (client) => run('send', () => write(client, REPLY));

/** A failure of the connection comes unasked; it ends a step that only waits. */
const unlessItFails = (client, promise) =>
  Promise.race([promise, new Promise((_, reject) => client.on('error', reject))]);

/** Waits for the end of standard input. */
const wait = (client) =>
  run('wait', () => unlessItFails(client, once(process.stdin.resume(), 'end')));

/** Waits for Enter. */
const pause = (client) =>
  run('pause', () =>
    unlessItFails(client, once(createInterface({ input: process.stdin }), 'line')),
  );

const closed = async (socket) => {
  if (!socket.closed) await once(socket, 'close');
};

/** Not end(): that sends a FIN and waits for the client's. */
const close = (client) => run('close', () => closed(client.destroy()));

const abort = (client) => run('abort', () => closed(client.resetAndDestroy()));

const openFiles = () => run('leak', leak);

const grow = () =>
  run('grow', () => {
    for (const taken = []; ; ) taken.push(take());
  });

/** Ends without closing anything: the system does that. */
const end = () => process.exit();

const failHandshake = (client) => {
  const server = createTlsServer();
  const failed = once(server, 'tlsClientError').then(([error]) => Promise.reject(error));
  client.allowHalfOpen = false; // An end of file ends the handshake.
  server.emit('connection', client);
  const secure = once(server, 'secureConnection');
  return run('handshake', () => Promise.race([failed, secure])).catch(() => {});
};

async function answerHeartbeats(client) {
  const lines = linesOf(client);
  await run('read', () => lines.next());
  const { done } = await run('read', async () => {
    let line;
    for (let heartbeats = 0; heartbeats < 8 && !line?.done; ) {
      line = await lines.next();
      if (line.value !== 'Heartbeat') continue;
      heartbeats += 1;
      await write(client, 'Heartbeat');
    }
    return line;
  });
  if (done) return;
  await reply(client);
  await run('read', () => lines.next());
}

/** What is done with the one connection, in order. */
const behaviours = {
  reply: [read, reply, close],
  close: [read, close],
  abort: [read, abort],
  'never-read': [wait, close],
  'never-reply': [read, wait, close],
  'late-reply': [read, wait, reply, close],
  'early-reply': [reply, wait, close],
  'slow-reply': [answerHeartbeats, close],
  'accept-leak': [read, openFiles, wait, end],
  grow: [pause, grow],
  'read-grow': [read, pause, grow],
  tls: [failHandshake, close],
};

/** These accept by themselves. */
const listeners = {
  async serve(listener) {
    const connections = on(listener, 'connection');
    for (;;) {
      const [client] = (await run('accept', () => connections.next())).value;
      const lines = linesOf(client);
      try {
        while (!(await run('read', () => lines.next())).done) await reply(client);
      } catch {
        // It is closed too, and the next one is served all the same.
      }
      await close(client);
    }
  },
  async leak(listener) {
    const inputEnd = once(process.stdin.resume(), 'end');
    await openFiles();
    // It may never end: Node has a descriptor in reserve, with which it accepts each connection,
    // closes it at once, and tells nobody.
    const accepted = run('accept', () => once(listener, 'connection'));
    await Promise.race([accepted.catch(() => run('wait', () => inputEnd)), inputEnd]);
    end();
  },
};

async function serve(port, behaviour) {
  // Node reads unasked; paused, it leaves the request in the receive queue until a read. It also
  // closes unasked, at the client's end of file, unless a connection may be half open.
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  // Without a listener an error would end the process. The steps get to know of it by themselves.
  listener.on('connection', (client) => client.on('error', () => {}));
  await run('listen', () => once(listener.listen(port), 'listening'));
  if (Object.hasOwn(listeners, behaviour)) {
    await listeners[behaviour](listener);
  } else {
    const client = await accept(listener);
    for (const act of behaviours[behaviour]) await act(client);
  }
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const names = Object.keys({ ...behaviours, ...listeners });
const [port, behaviour, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || behaviour === undefined || others.length > 0) {
  fail(2, `Usage: node server.js PORT ${names.join('|')}`);
}
if (!names.includes(behaviour)) fail(127, `Unknown behaviour: ${behaviour}`);
try {
  await serve(port, behaviour);
} catch (error) {
  fail(1, `Connection failed: ${error.message}`);
}
