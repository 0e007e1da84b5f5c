// Holds the clients that came after ask and ask-twice against docs/programs.md.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
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
  has,
  lastError,
  listening,
  looksLike,
  mayMeetPipe,
  meets,
  NO_REPLY,
  ownServer,
  REPLY,
  RESET,
  refusal,
  refusesWrongUsage,
  resetInRead,
  shape,
  USUAL,
} from './_conformance.ts';
import { freePort, portOf, start } from './_program.ts';

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((own) => own?.address === '::1');

conformance((check) => {
  const calls = [[], [HOST], [HOST, 'http']];
  refusesWrongUsage(check, {
    ...{ 'ask-all': calls, 'ask-pooled': calls, 'ask-tls': calls, 'ask-keepalive': calls },
    ...{ 'ask-retry': calls, 'ask-heartbeat': calls, 'ask-validated': calls },
  });

  check(
    'nothing listens: connection refused, and not asked again',
    ['ask-all'],
    async (t, language) => {
      const port = await freePort();
      const programs = [
        ...(['ask-all', 'ask-pooled', 'ask-tls'] as const),
        ...(['ask-keepalive', 'ask-validated'] as const),
      ];
      for (const program of programs.filter((name) => has(language, name))) {
        const result = await start(t, folder, language, program, HOST, port).end();
        t.deepEqual(shape(result), ['connect error'], program);
        meets(t, result, faceOf(language, 'connect', 'ECONNREFUSED', port));
        t.like(result, { status: 1, stdout: '', stderr: refusal(port) });
      }
    },
  );

  check('ask gets a reply from the usual server over IPv6', ['ask'], async (t, language) => {
    if (!hasIpv6) {
      t.pass('This host has no IPv6.');
      return;
    }
    const { port, server } = await listening(t, compiled(USUAL), 'reply');
    const result = await start(t, folder, language, 'ask', '::1', port).end();
    t.deepEqual(shape(result), ANSWERED);
    t.like(result, { status: 0, stdout: `Connected to ::1:${port}.\n${REPLY}` });
    t.is((await server.end()).status, 0);
  });

  check('ask-all prints each line until the end of file', ['ask-all'], async (t, language) => {
    const { port } = await answering(t, (socket) => socket.end('One\n\nThree\n'));
    const result = await start(t, folder, language, 'ask-all', HOST, port).end();
    const end = endInRead(language);
    const reads = ['read ok', 'read ok', 'read ok', ...end.steps];
    t.deepEqual(shape(result), ['connect ok', 'send ok', ...reads]);
    t.is(result.status, language.endsAs === undefined ? 0 : 1, result.stderr);
    t.regex(result.stdout, /^The server said: One\nThe server said: ?\nThe server said: Three\n$/m);

    const silent = await answering(t, (socket) => socket.end());
    const unanswered = await start(t, folder, language, 'ask-all', HOST, silent.port).end();
    t.deepEqual(shape(unanswered), ['connect ok', 'send ok', ...end.steps]);
    t.like(unanswered, { status: 1, stdout: connected(silent.port), stderr: end.stderr });
  });

  check('ask-all has printed what came before a reset', ['ask-all'], async (t, language) => {
    const { port, sockets } = await answering(t, (socket) => socket.write('Hello Client!\n'));
    const client = start(t, folder, language, 'ask-all', HOST, port);
    await client.step('read', 'begin', 2);
    sockets[0]?.resetAndDestroy();
    const result = await client.end();
    const reset = resetInRead(language, port);
    t.deepEqual(shape(result), ['connect ok', 'send ok', 'read ok', ...reset.steps]);
    if (reset.face) {
      meets(t, result, reset.face);
      t.like(result, { status: 1, stderr: reset.stderr });
    }
    // Where the reset is hidden, nothing tells that the answer is not whole.
    t.is(result.stdout, connected(port) + REPLY);
  });

  for (const program of ['ask-pooled', 'ask-validated'] as const) {
    const look = program === 'ask-validated' ? ['validate ok'] : [];
    check(`${program} asks twice over one connection`, [program], async (t, language) => {
      const { port, sockets, heard } = await answering(t, (it) => it.write('Hello Client!\n'));
      const client = start(t, folder, language, program, HOST, port);
      await client.step('pause', 'begin');
      t.deepEqual(heard, [HELLO], 'it waits for Enter');
      client.enter();
      const result = await client.end();
      const again = ['pause ok', ...look, 'send ok', 'read ok'];
      t.deepEqual(shape(result), ['connect ok', 'send ok', 'read ok', ...again, 'close ok']);
      t.like(result, { status: 0, stdout: connected(port) + REPLY + REPLY, stderr: '' });
      t.deepEqual(heard, [HELLO + HELLO]);
      t.is(sockets.length, 1);
    });

    check(`${program} says that there was no reply`, [program], async (t, language) => {
      const { port } = await answering(t, (socket) => socket.end());
      const result = await start(t, folder, language, program, HOST, port).end();
      const end = endInRead(language);
      t.deepEqual(shape(result), ['connect ok', 'send ok', ...end.steps]);
      t.like(result, { status: 1, stdout: connected(port), stderr: end.stderr });
    });
  }

  check(
    'ask-pooled does not see that the server has closed',
    ['ask-pooled', 'server reply'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'reply');
      const client = start(t, folder, language, 'ask-pooled', HOST, port);
      await client.step('pause', 'begin');
      await server.end();
      client.enter();
      const result = await client.end();
      const steps = ['connect ok', 'send ok', 'read ok', 'pause ok'];
      t.is(result.status, 1);
      if (shape(result).includes('send error')) {
        // A runtime that looks at the FIN by itself.
        t.deepEqual(shape(result), [...steps, 'send error']);
        meets(t, result, faceOf(language, 'send', 'EPIPE', port));
        t.is(result.stderr, `Connection failed: ${lastError(result).message}\n`);
      } else {
        const end = endInRead(language);
        t.deepEqual(shape(result), [...steps, 'send ok', ...end.steps]);
        t.is(result.stderr, end.stderr);
      }
    },
  );

  check('ask-pooled meets the reset of a kept connection', ['ask-pooled'], async (t, language) => {
    const { port, sockets } = await answering(t, (socket) => socket.write('Hello Client!\n'));
    const client = start(t, folder, language, 'ask-pooled', HOST, port);
    await client.step('pause', 'begin');
    sockets[0]?.resetAndDestroy();
    // A runtime that reads unasked gets to know of it in the pause.
    const step = language.faces.pause?.ECONNRESET === undefined ? 'send' : 'pause';
    if (step === 'pause') await client.step('pause', 'error');
    else client.enter();
    const result = await client.end();
    const paused = step === 'send' ? ['pause ok'] : [];
    t.deepEqual(shape(result), ['connect ok', 'send ok', 'read ok', ...paused, `${step} error`]);
    meets(t, result, faceOf(language, step, 'ECONNRESET', port), ...mayMeetPipe(language, port));
    const stderr = looksLike(language, step, 'ECONNRESET', 'EPIPE')
      ? `Connection failed: ${lastError(result).message}\n`
      : RESET;
    t.like(result, { status: 1, stdout: connected(port) + REPLY, stderr });
  });

  check('ask-tls gets a reply over TLS', ['ask-tls'], async (t, language) => {
    const identity = certificate();
    if (identity === undefined) {
      t.pass('There is no openssl to make a certificate.');
      return;
    }
    const heard: string[] = [];
    const server = createTlsServer(identity, (socket) => {
      socket.on('error', () => {}).setEncoding('utf8');
      socket.on('data', (text: string) => {
        heard.push(text);
        socket.end(heard.length === 1 ? 'Hello Client!\n' : '');
      });
    }).listen(0);
    t.teardown(() => server.close());
    const port = await portOf(server);
    const result = await start(t, folder, language, 'ask-tls', HOST, port).end();
    const steps = ['connect ok', 'handshake ok', 'send ok'];
    t.deepEqual(shape(result), [...steps, 'read ok', 'close ok']);
    t.like(result, { status: 0, stdout: connected(port) + REPLY, stderr: '' });

    const unanswered = await start(t, folder, language, 'ask-tls', HOST, port).end();
    t.deepEqual(shape(unanswered), [...steps, 'read eof', 'close ok']);
    t.like(unanswered, { status: 1, stdout: connected(port), stderr: NO_REPLY });
    t.deepEqual(heard, [HELLO, HELLO]);
  });

  check('ask-tls is reset in the handshake', ['ask-tls'], async (t, language) => {
    const { port } = await ownServer(t, (it) => it.once('data', () => it.resetAndDestroy()));
    const result = await start(t, folder, language, 'ask-tls', HOST, port).end();
    t.deepEqual(shape(result), ['connect ok', 'handshake error']);
    meets(t, result, faceOf(language, 'handshake', 'ECONNRESET', port));
    const stderr = looksLike(language, 'handshake', 'ECONNRESET', 'EOF')
      ? `TLS handshake failed: ${lastError(result).message}\n`
      : RESET;
    t.like(result, { status: 1, stdout: connected(port), stderr });
  });

  for (const [event, happen] of [
    ['the end of file', (socket: Socket) => socket.end()],
    ['an answer that is no TLS', (socket: Socket) => socket.end('Hello Client!\n')],
  ] as const) {
    check(`the handshake of ask-tls fails at ${event}`, ['ask-tls'], async (t, language) => {
      const { port } = await ownServer(t, (socket) => socket.once('data', () => happen(socket)));
      const result = await start(t, folder, language, 'ask-tls', HOST, port).end();
      t.deepEqual(shape(result), ['connect ok', 'handshake error']);
      const stderr = `TLS handshake failed: ${lastError(result).message}\n`;
      t.like(result, { status: 1, stdout: connected(port), stderr });
    });
  }
});

/** A certificate that nobody vouches for. */
function certificate(): { key: Buffer; cert: Buffer } | undefined {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const files = ['-nodes', '-subj', '/CN=example', '-keyout', key, '-out', cert];
  try {
    if (!existsSync(cert)) execFileSync('openssl', [...request, ...files], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
