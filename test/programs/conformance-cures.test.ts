// Holds the clients that cure something against docs/programs.md.

import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import {
  ANSWERED,
  answering,
  compiled,
  conformance,
  connected,
  endInRead,
  faceOf,
  folder,
  HELLO,
  HOST,
  lastError,
  listening,
  meets,
  NO_REPLY,
  REPLY,
  refusal,
  resetInRead,
  shape,
  timerOf,
  USUAL,
} from './_conformance.ts';
import { freePort, now, start } from './_program.ts';

const AGAIN = 'Trying again: ';
const NO_LIFE = 'No sign of life from the server.\n';
const NOT_REPEATED = 'Not repeated: the server may have done it already.\n';

conformance((check) => {
  for (const program of ['ask', 'ask-keepalive', 'ask-retry'] as const) {
    const kept = program === 'ask' ? 'has not' : 'has';
    check(`${program} ${kept} switched TCP keepalive on`, [program], async (t, language) => {
      const requests = new EventEmitter();
      const { port } = await answering(t, (socket) => requests.emit('request', socket));
      const requested = once(requests, 'request');
      const client = start(t, folder, language, program, HOST, port);
      const [socket] = await requested;
      await client.step('read', 'begin');
      if (existsSync('/proc/net/tcp')) await timerOf(port, program === 'ask' ? '00' : '02');
      socket.end('Hello Client!\n');
      const result = await client.end();
      t.deepEqual(shape(result), ANSWERED);
      t.like(result, { status: 0, stdout: connected(port) + REPLY, stderr: '' });
    });
  }

  check('ask-retry asks four times in all', ['ask-retry'], async (t, language) => {
    const port = await freePort();
    const result = await start(t, folder, language, 'ask-retry', HOST, port).end();
    const tried = ['connect error', 'backoff ok'];
    t.deepEqual(shape(result), [...tried, ...tried, ...tried, 'connect error']);
    meets(t, result, faceOf(language, 'connect', 'ECONNREFUSED', port));
    const sentence = refusal(port);
    t.like(result, { status: 1, stdout: '', stderr: (AGAIN + sentence).repeat(3) + sentence });
  });

  check('ask-retry asks until it gets a reply', ['ask-retry'], async (t, language) => {
    const { port, heard } = await answering(t, (socket, connection) => {
      if (connection === 0) socket.resetAndDestroy();
      else socket.end(connection === 1 ? '' : 'Hello Client!\n');
    });
    const result = await start(t, folder, language, 'ask-retry', HOST, port, 'Anew').end();
    t.deepEqual(shape(result), [
      ...['connect ok', 'send ok', ...resetInRead(language, port).steps, 'backoff ok'],
      ...['connect ok', 'send ok', 'read eof', 'close ok', 'backoff ok'],
      ...ANSWERED,
    ]);
    t.is(result.status, 0);
    t.is(result.stdout, connected(port).repeat(3) + REPLY);
    t.is(result.stderr, AGAIN + resetInRead(language, port).stderr + AGAIN + NO_REPLY);
    t.deepEqual(heard, ['Anew\n', 'Anew\n', 'Anew\n']);
  });

  check('ask-retry waits for no longer than it says', ['ask-retry'], async (t, language) => {
    const client = start(t, folder, language, 'ask-retry', HOST, await freePort());
    await client.step('backoff', 'begin');
    const began = now();
    await client.end();
    // 700 ms, and what four attempts take on a busy machine.
    t.true(now() - began < 3_000_000);
  });

  for (const [event, answer, inRead] of [
    ['a reset', (socket: Socket) => socket.resetAndDestroy(), resetInRead],
    ['the end of file', (socket: Socket) => socket.end(), endInRead],
  ] as const) {
    check(`ask-retry does not pay twice after ${event}`, ['ask-retry'], async (t, language) => {
      const { port, heard } = await answering(t, answer);
      const { steps, stderr: sentence } = inRead(language, port);
      const result = await start(t, folder, language, 'ask-retry', HOST, port, 'Pay 10').end();
      t.deepEqual(shape(result), ['connect ok', 'send ok', ...steps]);
      t.is(result.status, 1);
      t.is(result.stdout, connected(port));
      t.is(result.stderr, sentence + NOT_REPEATED);
      t.deepEqual(heard, ['Pay 10\n']);
    });
  }

  check('ask-heartbeat waits for the slow usual server', ['ask-heartbeat'], async (t, language) => {
    const { port, server } = await listening(t, compiled(USUAL), 'slow-reply');
    const client = await start(t, folder, language, 'ask-heartbeat', HOST, port).end();
    t.deepEqual(shape(client), ANSWERED);
    t.like(client, { status: 0, stdout: connected(port) + REPLY, stderr: '' });
    const served = await server.end();
    t.is(
      shape(served).join(', '),
      'listen ok, accept ok, read ok, read ok, send ok, read eof, close ok',
    );
    t.is(served.status, 0);
  });

  check(
    'ask-heartbeat gives up after a second of silence, and asks anew',
    ['ask-heartbeat'],
    async (t, language) => {
      const { port, heard } = await answering(t, (socket, connection) => {
        if (connection === 1) socket.end('Hello Client!\n');
      });
      const client = start(t, folder, language, 'ask-heartbeat', HOST, port);
      await client.step('read', 'begin');
      const began = now();
      await client.step('read', 'error');
      const waited = now() - began;
      const result = await client.end();
      t.deepEqual(shape(result), ['connect ok', 'send ok', 'read error', ...ANSWERED]);
      meets(t, result, faceOf(language, 'read', 'TIMEOUT', port));
      t.is(lastError(result).message, 'no sign of life from the server');
      t.is(result.status, 0);
      t.is(result.stdout, connected(port).repeat(2) + REPLY);
      t.is(result.stderr, AGAIN + NO_LIFE);
      // At 250, 500 and 750 ms, and perhaps at the end; fewer on a busy machine.
      t.regex(heard[0] ?? '', /^Hello Server!\n(Heartbeat\n){2,4}$/);
      t.is(heard[1], HELLO);
      t.true(waited > 800_000 && waited < 3_000_000, `${waited} µs`);
    },
  );

  check('ask-heartbeat asks twice at most', ['ask-heartbeat'], async (t, language) => {
    const silent = await answering(t, () => {});
    const first = await start(t, folder, language, 'ask-heartbeat', HOST, silent.port).end();
    const tried = ['connect ok', 'send ok', 'read error'];
    t.deepEqual(shape(first), [...tried, ...tried]);
    t.like(first, { status: 1, stderr: AGAIN + NO_LIFE + NO_LIFE });
    t.is(silent.sockets.length, 2);

    const port = await freePort();
    const second = await start(t, folder, language, 'ask-heartbeat', HOST, port).end();
    t.deepEqual(shape(second), ['connect error', 'connect error']);
    t.like(second, { status: 1, stdout: '', stderr: AGAIN + refusal(port) + refusal(port) });
  });

  check(
    'ask-heartbeat asks anew after a reset and after the end of file',
    ['ask-heartbeat'],
    async (t, language) => {
      for (const [fail, inRead] of [
        [(it: Socket) => it.resetAndDestroy(), resetInRead],
        [(it: Socket) => it.end(), endInRead],
      ] as const) {
        const { port } = await answering(t, (socket, connection) => {
          if (connection === 0) fail(socket);
          else socket.end('Hello Client!\n');
        });
        const { steps, stderr: sentence } = inRead(language, port);
        const result = await start(t, folder, language, 'ask-heartbeat', HOST, port).end();
        t.deepEqual(shape(result), ['connect ok', 'send ok', ...steps, ...ANSWERED]);
        t.like(result, { status: 0, stderr: AGAIN + sentence });
      }
    },
  );

  check('a heartbeat is a sign of life, and no reply', ['ask-heartbeat'], async (t, language) => {
    let beats = 0;
    const { port } = await answering(t, (socket, _, line) => {
      if (line !== 'Heartbeat') return;
      beats += 1;
      // With the fifth more than a second has passed since the request.
      socket.write(beats < 5 ? 'Heartbeat\n' : 'Heartbeat\nHello Client!\n');
    });
    const began = now();
    const result = await start(t, folder, language, 'ask-heartbeat', HOST, port).end();
    t.deepEqual(shape(result), ANSWERED);
    t.like(result, { status: 0, stdout: connected(port) + REPLY, stderr: '' });
    t.is(beats, 5);
    t.true(now() - began > 1_200_000, 'a heartbeat follows after 250 ms');
  });

  for (const [event, happen, seen] of [
    ['the end of file', (it: Socket) => new Promise<void>((done) => it.end(done)), /eof/],
    ['a reset', async (it: Socket) => void it.resetAndDestroy(), /eof|error/],
    ['data unasked', (it: Socket) => new Promise((done) => it.write('Bye!\n', done)), /eof|error/],
  ] as const) {
    check(
      `ask-validated sees ${event} and connects anew`,
      ['ask-validated'],
      async (t, language) => {
        const own = await answering(t, (socket) => socket.write('Hello Client!\n'));
        const client = start(t, folder, language, 'ask-validated', HOST, own.port);
        await client.step('pause', 'begin');
        const [kept] = own.sockets;
        if (kept) await happen(kept);
        client.enter();
        const result = await client.end();
        const steps = shape(result);
        t.regex(steps.splice(4, 1).join(), new RegExp(`^validate (${seen.source})$`));
        const first = ['connect ok', 'send ok', 'read ok', 'pause ok', 'close ok'];
        t.deepEqual(steps, [...first, ...ANSWERED]);
        const once = connected(own.port) + REPLY;
        t.like(result, { status: 0, stdout: once + once, stderr: '' });
        t.deepEqual(own.heard, [HELLO, HELLO]);
      },
    );
  }

  check(
    'ask-validated closes unseen what was idle for too long',
    ['ask-validated'],
    async (t, language) => {
      for (const [longest, isOld] of [
        [20, true],
        [60_000, false],
      ] as const) {
        const own = await answering(t, (socket) => socket.write('Hello Client!\n'));
        const client = start(t, folder, language, 'ask-validated', HOST, own.port, longest);
        await client.step('pause', 'begin');
        // It is idle for longer than the one, and not for as long as the other.
        await new Promise((resolve) => setTimeout(resolve, 60));
        client.enter();
        const result = await client.end();
        const again = isOld
          ? ['close ok', ...ANSWERED]
          : ['validate ok', 'send ok', 'read ok', 'close ok'];
        t.deepEqual(shape(result), ['connect ok', 'send ok', 'read ok', 'pause ok', ...again]);
        t.is(result.status, 0, result.stderr);
        t.is(own.sockets.length, isOld ? 2 : 1);
      }
    },
  );
});
