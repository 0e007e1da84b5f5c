// Loaded before a program (`--import`): strikes its process group with a signal at a moment, which is before the nth
// change to the files of a folder, or in the midst of the writing of one. What is where then is not left to chance.
// `HOLD` is no signal: it holds the process there, as if it were stopped, until the file RESET_LABS_HOLD is taken away.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { RESET_LABS_STRIKE = '', RESET_LABS_HOLD = '' } = process.env;
const [signal, at, ...rest] = RESET_LABS_STRIKE.split(' ');
const folder = rest.join(' ');
let moments = 0;

// The processes that it starts are not struck once more, each at a moment of its own.
delete process.env.RESET_LABS_STRIKE;

function moment(path: unknown): void {
  if (!String(path).startsWith(folder)) return;
  moments += 1;
  if (moments !== Number(at)) return;
  // Fails where this process has no group of its own, so that no other is struck.
  if (signal !== 'HOLD') process.kill(-process.pid, signal);
  else hold();
}

/** Another thread may be the one that a SIGSTOP stops first, so it is not used. */
function hold(): void {
  fs.writeFileSync(RESET_LABS_HOLD, '');
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (fs.existsSync(RESET_LABS_HOLD)) Atomics.wait(never, 0, 0, 5);
}

type Async = (...words: never[]) => Promise<unknown>;

/** Makes a moment of each call; `midst` of each writes the first half of what it writes, and makes another. */
function strike<T extends object>(
  whose: T,
  name: keyof T,
  pathOf: (self: unknown, words: readonly unknown[]) => unknown,
  midst: (self: never, words: never) => Promise<void> = async () => {},
): void {
  const real = whose[name] as Async;
  const struck = async function (this: unknown, ...words: readonly unknown[]) {
    const path = pathOf(this, words);
    moment(path);
    if (String(path).startsWith(folder)) await midst(this as never, words as never);
    return await real.apply(this, words as never[]);
  };
  Object.assign(whose, { [name]: struck });
}

const real = { ...fs.promises };
const first = (_: unknown, [path]: readonly unknown[]) => path;

for (const name of ['mkdir', 'rename', 'rm', 'rmdir', 'link', 'copyFile'] as const) {
  strike(fs.promises, name, first);
}
strike(
  fs.promises,
  'writeFile',
  first,
  async (_, [path, text, options]: [string, string, object]) => {
    await real.writeFile(path, text.slice(0, text.length / 2), options);
    moment(path);
    await real.rm(path);
  },
);

const paths = new WeakMap<object, string>();
fs.promises.open = (async (path, ...how) => {
  if (how[0] !== 'r') moment(path);
  const handle = await real.open(path, ...how);
  paths.set(handle, String(path));
  return handle;
}) as typeof fs.promises.open;
const handle = await real.open(import.meta.filename);
const prototype = Object.getPrototypeOf(handle) as typeof handle;
await handle.close();
const opened = (self: unknown) => paths.get(self as object);
strike(prototype, 'sync', opened);
strike(prototype, 'writeFile', opened, async (self: typeof handle, [text]: [string]) => {
  await self.write(text.slice(0, text.length / 2), 0);
  moment(opened(self));
});

const { renameSync } = fs;
fs.renameSync = (from, to) => {
  moment(from);
  renameSync(from, to);
};

syncBuiltinESMExports();
