// Holds the programs of every language in labs/programs against docs/programs.md.

import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ERRNOS } from '../../runners/catalog/errno.ts';
import { commandOf } from '../../runners/catalog/lacks.ts';
import { inProject } from '../../runners/paths.ts';
import {
  compiled,
  conformance,
  described,
  endInRead,
  faceOf,
  folder,
  givesUpWith,
  HOST,
  has,
  lastError,
  listening,
  looksLike,
  mayMeetPipe,
  meets,
  NO_REPLY,
  ownServer,
  PORT,
  REPLY,
  RESET,
  refusesWrongUsage,
  resetInRead,
  shape,
  USUAL,
  unread,
} from './_conformance.ts';
import type { Found } from './_languages.ts';
import { freePort, now, Program, type Result, start } from './_program.ts';
import { readReport } from './_report.ts';

const BROKEN_PIPE = 'Broken pipe: the server has closed the connection.\n';

conformance((check, name) => {
  refusesWrongUsage(check, {
    ask: [[], [HOST], [HOST, 'http']],
    'ask-twice': [[], [HOST], [HOST, 'http', 'Hello']],
    server: [[], [PORT], ['http', 'reply']],
  });

  check(
    'a behaviour that it does not know is refused before it listens',
    ['server'],
    async (t, language) => {
      // The port is taken: a server that listened all the same would fail in another way.
      const { port } = await ownServer(t, () => {});
      const report = join(folder, `${name}-unknown.steps`);
      const running = new Program(language, 'server', [port, 'dance'], report);
      t.teardown(() => running.kill());
      await running.step('listen', 'begin').then(
        () => t.fail('it tried to listen'),
        () => t.pass('it ended before'),
      );
      const unreported = new Program(language, 'server', [port, 'dance']);
      t.teardown(() => unreported.kill());
      const result = await unreported.end();
      t.like(result, { status: 127, stdout: '' });
      t.not(result.stderr, '');
    },
  );

  check('a server says why it cannot listen', ['server', 'server reply'], async (t, language) => {
    const { port } = await ownServer(t, () => {});
    const result = await start(t, folder, language, 'server', port, 'reply').end();
    t.is(result.status, 1);
    t.deepEqual(shape(result), ['listen error']);
    t.is(result.stdout, '');
    t.regex(result.stderr, /^Connection failed: /);
    t.true(result.stderr.includes(lastError(result).message));
  });

  check('nothing listens: connection refused', ['ask-twice'], async (t, language) => {
    const port = await freePort();
    const programs = (['ask', 'ask-twice'] as const).filter((name) => has(language, name));
    for (const program of programs) {
      const result = await start(t, folder, language, program, HOST, port).end();
      t.deepEqual(shape(result), ['connect error']);
      t.is(result.status, 1);
      t.is(result.stdout, '');
      t.is(result.stderr, `Connection refused: nothing listens on ${HOST}:${port}.\n`);
      meets(t, result, faceOf(language, 'connect', 'ECONNREFUSED', port));
    }
  });

  check('ask gets a reply from the usual server', ['ask'], async (t, language) => {
    const { port, server } = await listening(t, compiled(USUAL), 'reply');
    const client = await start(t, folder, language, 'ask', HOST, port).end();
    t.deepEqual(client.steps.map(described), ['connect ok', 'send ok', 'read ok', 'close ok']);
    t.is(client.status, 0, client.stderr);
    t.is(client.stdout, `Connected to ${HOST}:${port}.\n${REPLY}`);
    t.is(client.stderr, '');
    const served = await server.end();
    t.deepEqual(shape(served), ['listen ok', 'accept ok', 'read ok', 'send ok', 'close ok']);
    t.like(served, { status: 0, stdout: '', stderr: '' });
  });

  check('ask is reset by the usual server', ['ask'], async (t, language) => {
    const { port, server } = await listening(t, compiled(USUAL), 'abort');
    const client = await start(t, folder, language, 'ask', HOST, port).end();
    const reset = resetInRead(language, port);
    t.deepEqual(shape(client), ['connect ok', 'send ok', ...reset.steps]);
    if (reset.face) meets(t, client, reset.face);
    t.is(client.status, 1);
    t.is(client.stdout, `Connected to ${HOST}:${port}.\n`);
    t.is(client.stderr, reset.stderr);
    const served = await server.end();
    t.deepEqual(shape(served), ['listen ok', 'accept ok', 'read ok', 'abort ok']);
    t.like(served, { status: 0, stdout: '', stderr: '' });
  });

  for (const [behaviour, steps] of [
    ['reply', ['accept ok', 'read ok', 'send ok', 'close ok']],
    ['abort', ['accept ok', 'read ok', 'abort ok']],
  ] as const) {
    check(
      `the usual client meets a server: ${behaviour}`,
      [`server ${behaviour}`],
      async (t, language) => {
        const { port, server } = await listening(t, language, behaviour);
        const client = await start(t, folder, compiled(USUAL), 'ask', HOST, port).end();
        const served = await server.end();
        t.deepEqual(shape(served), ['listen ok', ...steps]);
        t.like(served, { status: 0, stdout: '', stderr: '' });
        t.is(client.stderr, behaviour === 'reply' ? '' : RESET);
      },
    );
  }

  check(
    'the server closes without a reply: end of file',
    ['ask', 'server close'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'close');
      const client = await start(t, folder, language, 'ask', HOST, port).end();
      const end = endInRead(language);
      t.deepEqual(shape(client), ['connect ok', 'send ok', ...end.steps]);
      t.is(client.status, 1);
      t.is(client.stdout, `Connected to ${HOST}:${port}.\n`);
      t.is(client.stderr, end.stderr);
      const served = await server.end();
      t.deepEqual(shape(served), ['listen ok', 'accept ok', 'read ok', 'close ok']);
      t.is(served.status, 0);
    },
  );

  check(
    'the server listens again at once on the port it used',
    ['ask', 'server', 'server reply'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'reply');
      await start(t, folder, language, 'ask', HOST, port).end();
      await server.end();
      const again = start(t, folder, language, 'server', port, 'reply');
      await t.notThrowsAsync(again.step('accept', 'begin'));
    },
  );

  check(
    'never-read leaves the request unread until its input ends',
    ['ask', 'server never-read'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'never-read');
      const client = start(t, folder, language, 'ask', HOST, port);
      await client.step('read', 'begin');
      await server.step('wait', 'begin');
      if (existsSync('/proc/net/tcp')) await unread(port, 'Hello Server!\n'.length);
      server.enter(); // Not the end of the input.
      const ended = now();
      server.endInput();

      const served = await server.end();
      t.deepEqual(shape(served), ['listen ok', 'accept ok', 'wait ok', 'close ok']);
      t.true((served.steps[2]?.time ?? 0) >= ended, 'it waited until its input ended');
      t.is(served.status, 0);
      const asked = await client.end();
      t.is(asked.status, 1);
      const reset = resetInRead(language, port);
      if (asked.stderr === NO_REPLY) {
        // Java's close() first sends a FIN; the reset for what is unread comes after it.
        t.deepEqual(shape(asked), ['connect ok', 'send ok', 'read eof', 'close ok']);
      } else {
        t.deepEqual(shape(asked), ['connect ok', 'send ok', ...reset.steps]);
        if (reset.face) meets(t, asked, reset.face);
        t.is(asked.stderr, reset.stderr);
      }
    },
  );

  check(
    'never-reply reads the request, and waits until its input ends',
    ['ask', 'server never-reply'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'never-reply');
      const client = start(t, folder, language, 'ask', HOST, port);
      await client.step('read', 'begin');
      await server.step('wait', 'begin');
      if (existsSync('/proc/net/tcp')) await unread(port, 0);
      server.enter();
      const ended = now();
      server.endInput();

      const served = await server.end();
      t.deepEqual(shape(served), ['listen ok', 'accept ok', 'read ok', 'wait ok', 'close ok']);
      t.true((served.steps[3]?.time ?? 0) >= ended, 'it waited until its input ended');
      t.is(served.status, 0);
      const asked = await client.end();
      const end = endInRead(language);
      t.deepEqual(shape(asked), ['connect ok', 'send ok', ...end.steps]);
      t.like(asked, { status: 1, stderr: end.stderr });
    },
  );

  check(
    'ask-twice sends the second message when Enter is pressed',
    ['ask-twice'],
    async (t, language) => {
      for (const messages of [[], ['One'], ['One', 'Two', 'Three']]) {
        const expected = messages.length > 0 ? messages : ['Hello Server!', 'Are you still there?'];
        let heard = '';
        const { port } = await ownServer(t, (socket) => {
          socket.setEncoding('utf8').on('data', (text: string) => {
            heard += text;
            if (heard.split('\n').length > expected.length) socket.end('Hello Client!\n');
          });
        });
        const client = start(t, folder, language, 'ask-twice', HOST, port, ...messages);
        for (let sent = 1; sent < expected.length; sent += 1) {
          await client.step('pause', 'begin', sent);
          client.enter();
        }
        const result = await client.end();
        const later = expected.slice(1).flatMap(() => ['pause ok', 'send ok']);
        t.deepEqual(shape(result), ['connect ok', 'send ok', ...later, 'read ok', 'close ok']);
        t.is(heard, expected.map((message) => `${message}\n`).join(''));
        t.is(result.status, 0, result.stderr);
        t.is(result.stdout, `Connected to ${HOST}:${port}.\n${REPLY}`);
        t.is(result.stderr, '');
      }
    },
  );

  for (const [behaviour, status] of [
    ['close', 1],
    ['reply', 0],
  ] as const) {
    check(
      `ask-twice meets a broken pipe and still reads (${behaviour})`,
      ['ask-twice', `server ${behaviour}`],
      async (t, language) => {
        const { port, server } = await listening(t, language, behaviour);
        const client = start(
          t,
          folder,
          language,
          'ask-twice',
          HOST,
          port,
          'One',
          'Two',
          'Three',
          'Four',
        );
        await client.step('pause', 'begin');
        await server.end();
        // The FIN is there. The second message succeeds and brings the RST, the third one fails;
        // a runtime that looks at the FIN by itself fails already with the second one.
        for (let pressed = 0; pressed < 3; pressed += 1) client.enter();
        const result = await client.end();
        const steps = shape(result);
        const failed = steps.indexOf('send error');
        t.true(failed === 3 || failed === 5, steps.join(', '));
        t.deepEqual(steps.slice(0, failed), [
          'connect ok',
          'send ok',
          'pause ok',
          ...(failed === 5 ? ['send ok', 'pause ok'] : []),
        ]);
        // A runtime that tells of the RST that has come: this is no broken pipe, after which to read on.
        const last = givesUpWith(language);
        if (last !== undefined) {
          t.deepEqual(steps.slice(failed + 1), []);
          meets(t, result, faceOf(language, 'send', last, port));
          t.like(result, { status: 1, stdout: `Connected to ${HOST}:${port}.\n`, stderr: RESET });
          return;
        }
        const end = endInRead(language);
        // With the send that fails goes what had arrived.
        if (language.surprises?.some(({ what }) => what === 'loses data')) {
          t.deepEqual(steps.slice(failed + 1), end.steps);
          t.like(result, { status: 1, stderr: BROKEN_PIPE + end.stderr });
          return;
        }
        t.deepEqual(steps.slice(failed + 1), status === 0 ? ['read ok', 'close ok'] : end.steps);
        // The last error is of the read where that makes one of the end of file.
        if (status === 0 || language.endsAs === undefined) {
          meets(t, result, faceOf(language, 'send', 'EPIPE', port));
        }
        t.is(result.status, status);
        t.is(result.stdout, `Connected to ${HOST}:${port}.\n${status === 0 ? REPLY : ''}`);
        t.is(result.stderr, `${BROKEN_PIPE}${status === 0 ? '' : end.stderr}`);
      },
    );
  }

  check(
    'a reset during the pause ends ask-twice',
    ['ask-twice', 'server abort'],
    async (t, language) => {
      const { port, server } = await listening(t, language, 'abort');
      const client = start(t, folder, language, 'ask-twice', HOST, port);
      await client.step('pause', 'begin');
      await server.end();
      client.enter();
      const result = await client.end();
      // A runtime that reads unasked gets to know of it in the pause.
      const step = language.faces.pause?.ECONNRESET === undefined ? 'send' : 'pause';
      const before = step === 'send' ? ['pause ok'] : [];
      // Who cannot tell it from a broken pipe reads on.
      const isPipe = looksLike(language, step, 'ECONNRESET', 'EPIPE');
      const after = isPipe ? endInRead(language).steps : [];
      t.deepEqual(shape(result), ['connect ok', 'send ok', ...before, `${step} error`, ...after]);
      meets(t, result, faceOf(language, step, 'ECONNRESET', port), ...mayMeetPipe(language, port));
      const stderr = isPipe ? BROKEN_PIPE + endInRead(language).stderr : RESET;
      t.like(result, { status: 1, stdout: `Connected to ${HOST}:${port}.\n`, stderr });
    },
  );

  check('an empty line is a reply, and no end of file', ['ask'], async (t, language) => {
    const { port } = await ownServer(t, (socket) => socket.once('data', () => socket.end('\n')));
    const result = await start(t, folder, language, 'ask', HOST, port).end();
    t.deepEqual(shape(result), ['connect ok', 'send ok', 'read ok', 'close ok']);
    t.is(result.status, 0);
    t.regex(result.stdout, /^The server said: ?$/m);
  });

  check('a report is added to what the file has', ['ask'], async (t, language) => {
    const report = join(folder, `${name}-added.steps`);
    const port = await freePort();
    for (const times of [1, 2]) {
      const running = new Program(language, 'ask', [HOST, port], report);
      t.teardown(() => running.kill());
      await running.end().catch(() => {}); // Two reports in one file are none.
      const lines = readFileSync(report, 'utf8').split('\n').slice(0, -1);
      t.is(lines.length, 3 * times);
    }
  });

  check('a report goes to a pipe', ['ask'], async (t, language) => {
    const port = await freePort();
    const since = now();
    const [command, ...words] = commandOf(language, 'ask');
    // Not a pipe of Node's: those are sockets, which cannot be opened by a path.
    const piped = 'LAB_STEPS=/dev/fd/3 "$@" 3>&1 >/dev/null 2>&1 | cat';
    const shell: Found = {
      ...language,
      run: { ...language.run, ask: ['sh', '-c', piped, 'sh', command ?? '', ...words] },
    };
    const running = new Program(shell, 'ask', [HOST, port]);
    t.teardown(() => running.kill());
    const { stdout, stderr } = await running.end();
    t.is(stderr, '');
    t.deepEqual(readReport(stdout, since, now()).map(described), ['connect error']);
  });

  check('works the same when nothing is to be reported', ['ask', 'server'], async (t, language) => {
    const heard: string[] = [];
    const own = await ownServer(t, (socket) => {
      socket.setEncoding('utf8').on('data', (text: string) => {
        heard.push(text);
        socket.end('Hello Client!\n');
      });
    });
    const client = new Program(language, 'ask', [HOST, own.port]);
    t.teardown(() => client.kill());
    t.like(await client.end(), {
      status: 0,
      stdout: `Connected to ${HOST}:${own.port}.\n${REPLY}`,
      stderr: '',
    });
    t.deepEqual(heard, ['Hello Server!\n']);

    // A server that reports nothing is found by asking until it answers.
    const port = await freePort();
    const server = new Program(language, 'server', [port, 'reply']);
    t.teardown(() => server.kill());
    const ended = server.end();
    let asked: Result;
    do {
      const asking = new Program(language, 'ask', [HOST, port]);
      t.teardown(() => asking.kill());
      asked = await asking.end();
    } while (asked.stderr.startsWith('Connection refused') && !server.ended);
    t.like(asked, { status: 0, stdout: `Connected to ${HOST}:${port}.\n${REPLY}` });
    t.like(await ended, { status: 0, stdout: '', stderr: '' });
  });

  check('all that it can have is written', [], async (t, language) => {
    const missing = Object.entries(language.lacks ?? {}).flatMap(([what, why]) =>
      /^not written yet/i.test(why) ? what : [],
    );
    t.deepEqual(missing, [], 'still to be written, see docs/programs.md');
    t.false(language.seen.includes('none yet'), '`seen` names the versions of the faces');
  });

  check('its sources are the files of its folder', [], async (t, language) => {
    const sources = join(inProject('labs/programs'), language.of);
    const files = readdirSync(sources, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !isMade(entry))
      .map((entry) => relative(sources, join(entry.parentPath, entry.name)))
      .filter((file) => file !== 'language.ts');
    t.deepEqual([...language.sources].sort(), files.sort());
  });

  check('its faces name errnos and steps that exist', [], async (t, language) => {
    for (const faces of Object.values(language.faces)) {
      for (const [errno, face] of Object.entries(faces)) {
        t.true((ERRNOS as readonly string[]).includes(errno));
        // An end of file in a handshake has no errno, but Node gives it one.
        const known = face.errno === null || face.errno === errno || errno === 'EOF';
        t.true(known, `${face.errno} under ${errno}`);
      }
    }
  });
});

/** What interpreters keep beside sources. */
function isMade({ parentPath }: Dirent): boolean {
  return parentPath.endsWith('__pycache__');
}
