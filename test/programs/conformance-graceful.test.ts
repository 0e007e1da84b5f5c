// Holds server-graceful against docs/programs.md.

import { existsSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import {
  conformance,
  folder,
  HELLO,
  HOST,
  ownClient,
  refusal,
  shape,
  unread,
} from './_conformance.ts';
import type { Found } from './_languages.ts';
import { freePort, now, type Result, start } from './_program.ts';

const LINE = 'Hello Client!\n';
/** Of a runtime that insists on the signal's. */
const ENDED = [0, 143];

conformance((check) => {
  check(
    'server-graceful serves one connection after another',
    ['server-graceful'],
    async (t, language) => {
      const { port, server } = await graceful(t, language);
      for (const number of [0, 1]) {
        const client = await ownClient(t, port);
        for (const request of [1, 2]) {
          client.socket.write(HELLO);
          await server.step('work', 'begin', 3 * number + request);
          // It works with the request in the receive queue.
          if (existsSync('/proc/net/tcp')) await unread(port, HELLO.length);
          server.enter();
          t.is(await client.line(), LINE);
        }
        client.socket.end();
        await server.step('work', 'begin', 3 * number + 3);
        server.enter();
        await server.step('accept', 'begin', number + 2);
      }
      server.signal('SIGTERM');
      const served = await server.end();
      const answered = ['work ok', 'read ok', 'send ok', 'work ok', 'read ok', 'send ok'];
      const one = ['accept ok', ...answered, 'work ok', 'read eof', 'close ok'];
      steps(t, served, ['listen ok', ...one, ...one, 'accept (ok|error)', 'stop ok']);
    },
  );

  check(
    'server-graceful finishes the request that it works on',
    ['ask', 'server-graceful'],
    async (t, language) => {
      const { port, server } = await graceful(t, language);
      const client = await ownClient(t, port);
      client.socket.write(HELLO);
      await server.step('work', 'begin');
      if (existsSync('/proc/net/tcp')) await unread(port, HELLO.length);
      server.signal('SIGTERM');
      await server.step('stop', 'ok');
      const late = await start(t, folder, language, 'ask', HOST, port).end();
      t.is(late.stderr, refusal(port), 'it accepts no more');
      t.is(client.heard(), '', 'it still works');
      server.enter();
      t.is(await client.line(), LINE);
      await client.end();
      await server.step('drain', 'begin');
      // What comes now is thrown away, and brings no reset.
      client.socket.write(HELLO);
      // The clock counts milliseconds: the next one is later than anything so far.
      const written = now();
      while (now() === written) await new Promise((resolve) => setImmediate(resolve));
      const ended = now();
      client.socket.end();
      const served = await server.end();
      const drained = served.steps.find((step) => step.name === 'drain')?.time ?? 0;
      t.true(drained >= ended, "it drains until the client's end of file");
      steps(t, served, [
        ...['listen ok', 'accept ok', 'work (ok|error)', 'stop ok'],
        ...['work ok', 'read ok', 'send ok', 'shutdown ok', 'drain ok', 'close ok'],
      ]);
      t.deepEqual(client.errors, []);
      t.is(client.heard(), LINE);
    },
  );

  check(
    'server-graceful does not wait for a request that has not come',
    ['server-graceful'],
    async (t, language) => {
      const { port, server } = await graceful(t, language);
      const client = await ownClient(t, port);
      await server.step('work', 'begin');
      server.signal('SIGTERM');
      await client.end();
      t.is(client.heard(), '');
      client.socket.end();
      steps(t, await server.end(), [
        ...['listen ok', 'accept ok', 'work (ok|error)', 'stop ok'],
        ...['shutdown ok', 'drain ok', 'close ok'],
      ]);
      t.deepEqual(client.errors, []);
    },
  );

  check('server-graceful ends when nobody has come', ['server-graceful'], async (t, language) => {
    const { server } = await graceful(t, language);
    server.signal('SIGTERM');
    steps(t, await server.end(), ['listen ok', 'accept (ok|error)', 'stop ok']);
  });

  check('server-graceful misses no signal', ['server-graceful'], async (t, language) => {
    // Enter and SIGTERM at once: the signal meets another moment each time.
    for (let time = 0; time < 8; time += 1) {
      const { port, server } = await graceful(t, language);
      const client = await ownClient(t, port);
      client.socket.write(HELLO);
      await server.step('work', 'begin');
      if (existsSync('/proc/net/tcp')) await unread(port, HELLO.length);
      if (time % 2 === 0) {
        server.enter();
        server.signal('SIGTERM');
      } else {
        server.signal('SIGTERM');
        server.enter();
      }
      t.is(await client.line(), LINE);
      await client.end();
      client.socket.end();
      const served = await server.end();
      t.true(ENDED.includes(served.status ?? -1), served.stderr);
      t.deepEqual(shape(served).slice(-3), ['shutdown ok', 'drain ok', 'close ok']);
      t.is(shape(served).filter((step) => step === 'send ok').length, 1);
      t.is(shape(served).filter((step) => step === 'stop ok').length, 1);
      t.deepEqual(client.errors, []);
    }
  });
});

/** Starts the server and waits until it accepts. */
async function graceful(t: ExecutionContext, language: Found) {
  const port = await freePort();
  const server = start(t, folder, language, 'server-graceful', port);
  await server.step('accept', 'begin');
  return { port, server };
}

/** Each step and how it ended; a step that SIGTERM interrupts ends as the language has it. */
function steps(t: ExecutionContext, served: Result, expected: readonly string[]): void {
  t.regex(shape(served).join(', '), new RegExp(`^${expected.join(', ')}$`));
  t.true(ENDED.includes(served.status ?? -1), `${served.status} ${served.stderr}`);
  t.is(served.stderr, '');
}
