// What the tests of the contract share: the languages, compiled, and ways to look at a program.

import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ERRNOS, type Errno } from '../../runners/catalog/errno.ts';
import type { Face, Lacking } from '../../runners/catalog/language.ts';
import { loadLanguages } from '../../runners/catalog/load.ts';
import type { ProgramName } from '../../runners/catalog/programs.ts';
import type { StepName } from '../../runners/evidence/steps.ts';
import { same, wordings } from '../../runners/verdict/program.ts';
import { build, type Found, findLanguages, missingCommands, onceEach } from './_languages.ts';
import { DEADLINE, freePort, Program, portOf, type Result, start } from './_program.ts';
import type { Step } from './_report.ts';

export const HOST = '127.0.0.1';
export const HELLO = 'Hello Server!\n';
export const REPLY = 'The server said: Hello Client!\n';
export const RESET =
  'Connection reset: the server or something on the way aborted the connection.\n';
export const NO_REPLY = 'The server closed the connection without a reply.\n';

export const ANSWERED = ['connect ok', 'send ok', 'read ok', 'close ok'];
export const connected = (port: number) => `Connected to ${HOST}:${port}.\n`;
export const refusal = (port: number) =>
  `Connection refused: nothing listens on ${HOST}:${port}.\n`;

export const folder = mkdtempSync(join(tmpdir(), 'reset-labs-programs-'));
const built = new Map<string, Found>();
/** The languages whose toolchains are here, as they were found: not compiled. */
export const runnable: Found[] = [];

const wanted = await findLanguages();

for (const language of wanted) {
  const missing = missingCommands(language);
  if (missing.length === 0) {
    runnable.push(language);
    continue;
  }
  const reason = `not on the PATH: ${missing.join(', ')} (Debian: ${language.toolchain.debian})`;
  test(`${language.name} · toolchain`, (t) => {
    t.log(`${language.title} is not checked; ${reason}`);
    t.pass();
  });
  test.skip(`${language.name} · keeps the contract; ${reason}`, () => {});
}

test.before('compile', async () => {
  const folders = new Map<string, Promise<string>>();
  const [usual] = await loadLanguages([USUAL], '--client');
  for (const language of [...runnable, ...(usual ? [usual] : [])]) {
    // Flavours are compiled with their language.
    const made = folders.get(language.of) ?? build(language, join(folder, language.of));
    folders.set(language.of, made);
    built.set(language.name, { ...language, folder: await made });
  }
});

test.after.always('remove what was compiled and reported', () => {
  rmSync(folder, { recursive: true, force: true });
});

/** @param needs the programs and behaviours without which there is nothing to check */
export type Check = (
  what: string,
  needs: readonly Lacking[],
  body: (t: ExecutionContext, language: Found) => Promise<void>,
) => void;

/** Declares the checks of each language and flavour; their names begin with the language's. */
export function conformance(declare: (check: Check, name: string) => void): void {
  // The checks of a language come one after the other; they wait more than they work, so languages do not.
  const lanes = Array.from({ length: 4 }, (): Promise<unknown> => Promise.resolve());
  for (const [place, language] of runnable.entries()) {
    const { name } = language;
    const lane = place % lanes.length;
    let declared = 0;
    declare((what, needs, body) => {
      const can = (other: Found) => needs.every((one) => has(other, one));
      if (!can(language)) return;
      declared += 1;
      if (onceEach && runnable.slice(0, place).some(can)) return;
      test(`${name} · ${what}`, async (t) => {
        const turn = (lanes[lane] ?? Promise.resolve()).then(() => body(t, compiled(name)));
        lanes[lane] = turn.catch(() => {});
        await turn;
      });
    }, name);
    if (declared > 0) continue;
    test(`${name} · has none of the programs of these checks`, (t) => {
      t.log(language.lacks);
      t.pass();
    });
  }
}

/** Stands for a port that is free, in the arguments of a program. */
export const PORT = 'PORT';

/** Declares a check for each program that its wrong calls are refused. */
export function refusesWrongUsage(
  check: Check,
  calls: { readonly [program in ProgramName]?: readonly (readonly string[])[] },
): void {
  for (const [program, wrong] of Object.entries(calls) as [ProgramName, string[][]][]) {
    check(`wrong usage of ${program} is refused`, [program], async (t, language) => {
      const port = await freePort();
      for (const args of wrong) {
        const called = args.map((one) => (one === PORT ? port : one));
        const running = new Program(language, program, called);
        t.teardown(() => running.kill());
        const { status, stdout, stderr } = await running.end();
        t.is(status, 2, running.title);
        t.is(stdout, '', running.title);
        t.not(stderr, '', running.title);
      }
    });
  }
}

/** Whether a language has a program, or its server a behaviour. What it has not, it gives a reason for. */
export function has({ run, lacks = {} }: Found, what: Lacking): boolean {
  if (what in lacks) return false;
  return (what.startsWith('server ') ? 'server' : what) in run;
}

/** The language whose programs others meet: that all pairs get on is for the labs to show. */
export const USUAL = 'python';

/**
 * What a client shows of a reset that ends its read. A runtime may hide it: then it looks as the end of file
 * does, and the language says so among its surprises.
 */
export function resetInRead(language: Found, port: number) {
  const face = language.faces.read?.ECONNRESET;
  if (face !== undefined) {
    return {
      steps: ['read error'],
      stderr: RESET,
      face: faceOf(language, 'read', 'ECONNRESET', port),
    };
  }
  if (!language.hides?.includes('ECONNRESET')) {
    throw new Error(`${language.name} has no face of ECONNRESET on read, and does not hide it`);
  }
  return { steps: ['read eof', 'close ok'], stderr: NO_REPLY, face: undefined };
}

/** What a client shows of the end of file before the reply. A runtime may make an error of it. */
export function endInRead({ endsAs }: Found) {
  return endsAs === undefined
    ? { steps: ['read eof', 'close ok'], stderr: NO_REPLY }
    : { steps: ['read error'], stderr: RESET };
}

/** Whether a step shows these two in one way: then no program can tell them apart. */
export function looksLike({ faces }: Found, step: StepName, one: Errno, other: Errno): boolean {
  const [first, second] = [faces[step]?.[one], faces[step]?.[other]];
  if (first === undefined || second === undefined) return false;
  return first.errno === null && first.type === second.type && first.message === second.message;
}

/** The language with the folder in which its programs run. */
export function compiled(name: string): Found {
  const language = built.get(name);
  if (language === undefined) throw new Error(`${name} was not compiled`);
  return language;
}

/** Starts a server and waits until it accepts. */
export async function listening(t: ExecutionContext, language: Found, behaviour: string) {
  const port = await freePort();
  const server = start(t, folder, language, 'server', port, behaviour);
  await server.step('accept', 'begin');
  return { port, server };
}

/** A server of the test's own. */
export async function ownServer(t: ExecutionContext, serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0);
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: await portOf(server) };
}

/** Waits until as many bytes are unread in the connection of the server's port. */
export async function unread(port: number, bytes: number): Promise<void> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const signal = AbortSignal.timeout(10_000);
  for (;;) {
    const sockets = connections().filter(
      ([, local = '', , state]) => local.endsWith(suffix) && state === '01',
    );
    const queues = sockets.map(([, , , , queues = '']) =>
      Number.parseInt(queues.split(':')[1] ?? '', 16),
    );
    if (queues.length === 1 && queues[0] === bytes) return;
    if (signal.aborted) throw new Error(`${bytes} unread bytes did not come; unread: ${queues}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function described(step: Step): string {
  return `${step.name} ${step.end}`;
}

export function shape(result: Result): string[] {
  return result.steps.map(described);
}

export function lastError(result: Result): Step & { end: 'error' } {
  const step = result.steps.findLast((step) => step.end === 'error');
  if (step?.end !== 'error') throw new Error('no step ended with an error');
  return step;
}

/** The errno with which a client ends at a broken pipe; undefined: it reads on, as docs/programs.md says. */
export function givesUpWith({ differs = [] }: Found): Errno | undefined {
  const own = differs.find(({ lab, as }) => lab === 'closed-socket' && as === 'client')?.expect;
  const last = typeof own === 'object' && 'client' in own ? own.client.at(-1) : undefined;
  return ERRNOS.find((errno) => last === `send ${errno}`);
}

/** What a send may show of a reset beside its own face, where chance decides whether a read has met it before. */
export function mayMeetPipe(language: Found, port: number): Met[] {
  return givesUpWith(language) === 'EPIPE' ? [faceOf(language, 'send', 'EPIPE', port)] : [];
}

/** Holds the error in which a program has ended against a face, or several, where chance decides. */
export function meets(t: ExecutionContext, result: Result, ...faces: Met[]): void {
  const { type, errno, message } = lastError(result);
  const seen = { type, errno, message };
  const missing = faces.find(({ face }) => face === undefined)?.missing;
  if (missing !== undefined) {
    t.fail(`${missing}; what was seen: ${JSON.stringify(seen)}`);
    return;
  }
  const wanted = faces.flatMap(({ face, port }) =>
    face === undefined ? [] : wordings(face, { address: HOST, own: HOST, port }),
  );
  t.true(
    wanted.some((one) => same(seen, one)),
    `${JSON.stringify(seen)} is none of ${JSON.stringify(wanted)}`,
  );
}

/** What the language says that a step looks like when it meets the errno. */
export function faceOf(language: Found, step: StepName, errno: Errno, port: number): Met {
  const face = language.faces[step]?.[errno];
  return { face, missing: `${language.name} has no face of ${errno} on ${step}`, port };
}

/** A face, met in a connection to a port; where the language has none, what it has not. */
export type Met = {
  readonly face: Face | undefined;
  readonly missing: string;
  readonly port: number;
};

/** A server of the test's own that answers each line, and keeps what it has heard of each connection. */
export async function answering(
  t: ExecutionContext,
  answer: (socket: Socket, connection: number, line: string) => void,
) {
  const sockets: Socket[] = [];
  const heard: string[] = [];
  const { port } = await ownServer(t, (socket) => {
    const connection = sockets.push(socket) - 1;
    heard.push('');
    let line = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard[connection] += text;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) answer(socket, connection, whole);
    });
  });
  return { port, sockets, heard };
}

/** Waits until the client's socket of a connection to the port has this timer: `00` none, `02` keepalive. */
export async function timerOf(port: number, timer: string): Promise<void> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const signal = AbortSignal.timeout(10_000);
  for (;;) {
    const timers = connections()
      .filter(([, , remote = '', state]) => remote.endsWith(suffix) && state === '01')
      .map(([, , , , , active = '']) => active.slice(0, 2));
    if (timers.length === 1 && timers[0] === timer) return;
    if (signal.aborted) throw new Error(`the timer is ${timers}, and not ${timer}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The fields of all TCP sockets of this host. */
function connections(): string[][] {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((table) => existsSync(table))
    .flatMap((table) => readFileSync(table, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/));
}

/** A client of the test's own, which has connected. */
export async function ownClient(t: ExecutionContext, port: number) {
  // It decides itself when its own direction ends.
  const socket = connect({ host: HOST, port, allowHalfOpen: true });
  t.teardown(() => socket.destroy());
  const errors: Error[] = [];
  let heard = '';
  let read = 0;
  let ended = false;
  const news = new EventEmitter();
  socket.on('error', (error) => errors.push(error)).on('close', () => news.emit('news'));
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    news.emit('news');
  });
  socket.on('end', () => {
    ended = true;
    news.emit('news');
  });
  await once(socket, 'connect');
  const until = async (isSo: () => boolean, what: string) => {
    const signal = AbortSignal.timeout(DEADLINE);
    while (!isSo()) {
      if (signal.aborted || socket.destroyed) {
        throw new Error(`${what} did not come, but ${JSON.stringify(heard)} ${errors}`);
      }
      await once(news, 'news', { signal }).catch(() => {});
    }
  };
  return {
    socket,
    errors,
    heard: () => heard,
    /** The next line. */
    line: async () => {
      await until(() => heard.includes('\n', read), 'a line');
      const line = heard.slice(read, heard.indexOf('\n', read) + 1);
      read += line.length;
      return line;
    },
    /** Waits for the end of file. */
    end: () => until(() => ended, 'the end of file'),
  };
}
