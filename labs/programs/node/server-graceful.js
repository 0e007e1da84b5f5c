/**
 * A server that serves connections one after another. On SIGTERM it finishes what was begun.
 *
 * Usage: node server-graceful.js PORT
 */
import { on, once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { run } from './steps.js';

async function serve(port) {
  const keyboard = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const terminated = once(process, 'SIGTERM').then(() => {
    throw new DOMException('interrupted by SIGTERM', 'AbortError');
  });
  terminated.catch(() => {});
  let stopped = false;

  // Half open: at the end of file Node would close our direction too, perhaps before the reply.
  // Paused, with nothing read ahead: a request stays in the receive queue until it is read.
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true, highWaterMark: 0 });
  const connections = on(listener, 'connection');
  const queue = new Set();
  listener.on('connection', (client) => {
    // Without a listener an error would end the process. The steps get to know of it by themselves.
    client.on('error', () => {});
    queue.add(client);
  });

  /** Runs a step that waits. SIGTERM interrupts it; it is taken up again for a request that has come. */
  async function waitIn(step, promise, hasRequest) {
    try {
      return await run(step, () => Promise.race(stopped ? [promise] : [promise, terminated]));
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
      stopped = true;
      await run('stop', () => {
        listener.close();
        // Node accepts unasked: the system would have reset those that nobody has accepted.
        for (const client of queue) client.resetAndDestroy();
      });
      return (await hasRequest()) ? run(step, () => promise) : { done: true };
    }
  }

  /** Answers each line until the end of file, or until SIGTERM. */
  async function answer(client, lines) {
    let request;
    const hasRequest = async () => {
      request ??= lines.next();
      // Node begins to read in one round of its loop, and has what there is after the next one.
      const nothing = setImmediate().then(() => setImmediate({ done: true }));
      return !(await Promise.race([request, nothing])).done;
    };
    while (!stopped) {
      request = undefined;
      const worked = await waitIn('work', keyboard.next(), hasRequest);
      if (worked.done && stopped) break;
      request ??= lines.next();
      if ((await waitIn('read', request, hasRequest)).done) break;
      await run('send', () => send(client, 'Hello Client!'));
    }
  }

  await run('listen', () => once(listener.listen(port), 'listening'));
  while (!stopped) {
    const { done, value } = await waitIn('accept', connections.next(), () => false);
    if (done) break;
    const [client] = value;
    queue.delete(client);
    const lines = linesOf(client);
    try {
      await answer(client, lines);
      if (stopped) {
        await run('shutdown', () => promisify(client.end).call(client));
        await run('drain', async () => {
          while (!(await lines.next()).done);
        });
      }
    } catch {
      // It is closed too, and the next one is served all the same.
    }
    await run('close', async () => {
      client.destroy();
      if (!client.closed) await once(client, 'close');
    });
  }
}

const send = promisify((client, line, done) => client.write(`${line}\n`, done));

/** The lines of a connection. It reads no further than it is asked to. */
async function* linesOf(client) {
  let text = '';
  for await (const chunk of client.setEncoding('utf8')) {
    const lines = (text + chunk).split('\n');
    text = lines.pop();
    yield* lines;
  }
}

function fail(status, sentence) {
  console.error(sentence);
  process.exit(status);
}

const [port, ...others] = process.argv.slice(2);
if (!/^\d+$/.test(port) || port > 65535 || others.length > 0) {
  fail(2, 'Usage: node server-graceful.js PORT');
}
try {
  await serve(port);
  process.exit(); // The keyboard would keep the program alive.
} catch (error) {
  fail(1, `Connection failed: ${error.message}`);
}
