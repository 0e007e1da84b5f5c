// Holds the later behaviours of server, and server-limits, against docs/programs.md.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import {
  ANSWERED,
  conformance,
  connected,
  endInRead,
  folder,
  HELLO,
  HOST,
  has,
  lastError,
  listening,
  ownClient,
  PORT,
  REPLY,
  refusesWrongUsage,
  shape,
  unread,
} from './_conformance.ts';
import type { Found } from './_languages.ts';
import { DEADLINE, freePort, now, start } from './_program.ts';

const BUSY = 'Busy, try again later.\n';
/** Enough for every runtime to start, and soon used up. */
const DESCRIPTORS = 256;
/** A server that has taken so much more than when it began does not stop by itself. */
const GROWN_KB = 160 * 1024;

conformance((check) => {
  refusesWrongUsage(check, {
    'server-graceful': [[], ['http']],
    'server-limits': [[], [PORT], ['http', 'shed']],
  });

  check(
    'late-reply waits until its input ends, and replies then',
    ['ask', 'server late-reply'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'late-reply');
      const client = start(t, folder, language, 'ask', HOST, port);
      await server.step('wait', 'begin');
      server.enter(); // Not the end of the input.
      const ended = now();
      server.endInput();
      const served = await server.end();
      const steps = ['listen ok', 'accept ok', 'read ok', 'wait ok', 'send ok', 'close ok'];
      t.deepEqual(shape(served), steps);
      t.true((served.steps[3]?.time ?? 0) >= ended, 'it waited until its input ended');
      t.is(served.status, 0);
      const asked = await client.end();
      t.deepEqual(shape(asked), ANSWERED);
      t.like(asked, { status: 0, stdout: connected(port) + REPLY });
    },
  );

  check(
    'early-reply replies without a look at the request',
    ['server early-reply'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'early-reply');
      const client = await ownClient(t, port);
      t.is(await client.line(), 'Hello Client!\n', 'it waits for no request');
      client.socket.write(HELLO);
      if (existsSync('/proc/net/tcp')) await unread(port, HELLO.length);
      await server.step('wait', 'begin');
      server.endInput();
      const served = await server.end();
      t.deepEqual(shape(served), ['listen ok', 'accept ok', 'send ok', 'wait ok', 'close ok']);
      t.is(served.status, 0);
    },
  );

  check(
    'slow-reply answers eight heartbeats, and closes last',
    ['server slow-reply'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'slow-reply');
      const client = await ownClient(t, port);
      client.socket.write(HELLO);
      for (let beat = 0; beat < 8; beat += 1) {
        client.socket.write('Heartbeat\n');
        t.is(await client.line(), 'Heartbeat\n');
      }
      t.is(await client.line(), 'Hello Client!\n');
      await server.step('read', 'begin', 3);
      t.false(server.ended, 'it waits for the end of file');
      client.socket.end();
      const served = await server.end();
      t.is(
        shape(served).join(', '),
        'listen ok, accept ok, read ok, read ok, send ok, read eof, close ok',
      );
      t.is(served.status, 0);
    },
  );

  check(
    'serve goes on after the end of file and after a reset',
    ['server serve'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'serve');
      for (const [number, leave] of [
        (it: Socket) => it.end(),
        (it: Socket) => it.resetAndDestroy(),
        (it: Socket) => it.end(),
      ].entries()) {
        const client = await ownClient(t, port);
        for (const _ of ['first', 'second']) {
          client.socket.write(HELLO);
          t.is(await client.line(), 'Hello Client!\n');
        }
        await server.step('read', 'begin', 3 * (number + 1));
        leave(client.socket);
        await server.step('accept', 'begin', number + 2);
      }
      t.false(server.ended);
      server.kill();
      const served = await server.end();
      const answered = ['accept ok', 'read ok', 'send ok', 'read ok', 'send ok'];
      const reset = language.hides?.includes('ECONNRESET') ? 'read eof' : 'read error';
      t.deepEqual(shape(served), [
        'listen ok',
        ...[...answered, 'read eof', 'close ok'],
        ...[...answered, reset, 'close ok'],
        ...[...answered, 'read eof', 'close ok'],
        'accept begin',
      ]);
      t.is(served.stderr, '');
    },
  );

  check(
    'leak cannot accept, for no descriptor is left',
    ['server', 'ask', 'server leak'],
    async (t, language) => {
      const port = await freePort();
      const server = start(t, folder, limited(language), 'server', port, 'leak');
      await server.step('leak', 'ok');
      const client = start(t, folder, language, 'ask', HOST, port);
      await server.step('accept', 'begin');
      await client.step('connect', 'ok');
      if (existsSync('/proc')) t.is(descriptors(server.pid), DESCRIPTORS);
      server.endInput();
      const served = await server.end();
      // A runtime that accepts by itself has a descriptor in reserve for that, and tells the program nothing.
      const itself = shape(served).includes('accept begin');
      const end = itself ? ['accept begin'] : ['accept error', 'wait ok'];
      t.deepEqual(shape(served), ['listen ok', 'leak ok', ...end]);
      t.is(served.status, 0, served.stderr);
      t.is((await client.end()).status, 1, 'nobody replies');
    },
  );

  check(
    'accept-leak leaves no descriptor, and leaves the closing',
    ['server', 'ask', 'server accept-leak'],
    async (t, language) => {
      const port = await freePort();
      const server = start(t, folder, limited(language), 'server', port, 'accept-leak');
      await server.step('accept', 'begin');
      const client = start(t, folder, language, 'ask', HOST, port);
      await server.step('wait', 'begin');
      if (existsSync('/proc')) t.is(descriptors(server.pid), DESCRIPTORS);
      server.endInput();
      const served = await server.end();
      t.deepEqual(shape(served), ['listen ok', 'accept ok', 'read ok', 'leak ok', 'wait ok']);
      t.is(served.status, 0, served.stderr);
      t.like(await client.end(), { status: 1, stderr: endInRead(language).stderr });
    },
  );

  for (const [behaviour, reads] of [
    ['grow', []],
    ['read-grow', ['read ok']],
  ] as const) {
    check(
      `${behaviour} takes memory, from Enter on and without end`,
      [`server ${behaviour}`],
      async (t, language) => {
        const { port, server } = await listening(t, language, behaviour);
        const client = await ownClient(t, port);
        client.socket.write(HELLO);
        await server.step('pause', 'begin');
        if (!existsSync('/proc')) return;
        await unread(port, behaviour === 'grow' ? HELLO.length : 0);
        const before = residentKb(server.pid);
        server.enter();
        // Not the system ends it here, but the test, and much earlier.
        const signal = AbortSignal.timeout(DEADLINE);
        while (!server.ended && residentKb(server.pid) < before + GROWN_KB) {
          if (signal.aborted) throw new Error('it does not grow');
          await new Promise((resolve) => setImmediate(resolve));
        }
        server.kill();
        const served = await server.end();
        const steps = ['listen ok', 'accept ok', ...reads, 'pause ok', 'grow begin'];
        t.deepEqual(shape(served), steps, served.stderr);
      },
    );
  }

  check(
    'a TLS server without a certificate fails the handshake',
    ['server tls'],
    async (t, language) => {
      const programs = (['ask', 'ask-tls'] as const).filter((name) => has(language, name));
      for (const program of programs) {
        const { port, server } = await listening(t, language, 'tls');
        const client = start(t, folder, language, program, HOST, port);
        const served = await server.end();
        const steps = ['listen ok', 'accept ok', 'handshake error', 'close ok'];
        t.deepEqual(shape(served), steps, program);
        t.is(served.status, 0, served.stderr);
        const asked = await client.end();
        // What a client reads that speaks no TLS, if anything, is a matter of the TLS library.
        if (program === 'ask') continue;
        t.like(asked, { status: 1, stdout: connected(port) });
        t.is(asked.stderr, `TLS handshake failed: ${lastError(asked).message}\n`);
      }
    },
  );

  check(
    'server-limits reserve accepts with what it kept',
    ['server-limits', 'ask'],
    async (t, language) => {
      const port = await freePort();
      const server = start(t, folder, limited(language), 'server-limits', port, 'reserve');
      await server.step('accept', 'begin');
      const asked = await start(t, folder, language, 'ask', HOST, port).end();
      t.deepEqual(shape(asked), ANSWERED);
      t.like(asked, { status: 0, stdout: `${connected(port)}The server said: ${BUSY}` });
      const served = await server.end();
      const steps = ['listen ok', 'leak ok', 'accept ok', 'read ok', 'send ok', 'close ok'];
      t.deepEqual(shape(served), steps);
      t.like(served, { status: 0, stdout: '', stderr: '' });
    },
  );

  check('server-limits shed stops at its budget', ['server-limits', 'ask'], async (t, language) => {
    const port = await freePort();
    const server = start(t, folder, language, 'server-limits', port, 'shed');
    await server.step('accept', 'begin');
    const client = start(t, folder, language, 'ask', HOST, port);
    await server.step('pause', 'begin');
    server.enter();
    const asked = await client.end();
    t.deepEqual(shape(asked), ANSWERED);
    t.like(asked, { status: 0, stdout: `${connected(port)}The server said: ${BUSY}` });
    const served = await server.end();
    const steps = ['listen ok', 'accept ok', 'read ok', 'pause ok', 'grow ok', 'send ok'];
    t.deepEqual(shape(served), [...steps, 'close ok']);
    t.like(served, { status: 0, stdout: '', stderr: '' });
  });
});

/** The language with programs that may open only so many files. */
function limited(language: Found): Found {
  const run = Object.entries(language.run).map(([program, words]) => [
    program,
    ['sh', '-c', `ulimit -n ${DESCRIPTORS} && exec "$@"`, 'sh', ...words],
  ]);
  return { ...language, run: Object.fromEntries(run) };
}

/** How many descriptors a process has. */
function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** What a process has of memory; nothing if it has ended. */
function residentKb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0);
}
