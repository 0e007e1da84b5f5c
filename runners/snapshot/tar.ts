import { BadSnapshot } from './bad-snapshot.ts';
import { LIMITS } from './limits.ts';

/** A file of an archive. */
export type Entry = { readonly path: string; readonly content: Uint8Array };

const BLOCK = 512;
/** Fields of a header of POSIX ustar: where, and how long. */
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = [156, 1] as const;
const MAGIC = [257, 8] as const;
const PREFIX = [345, 155] as const;
const KINDS: Readonly<Record<string, string>> = {
  ...{
    1: 'a link',
    2: 'a symbolic link',
    3: 'a device',
    4: 'a device',
    5: 'a folder',
    6: 'a pipe',
  },
  ...{ x: 'an extended header', g: 'an extended header', L: 'a long name', K: 'a long link' },
};

/**
 * Writes a tar archive of plain files: no owner, no rights but to be read, one time for all.
 *
 * @param timeMs the time that the files bear
 * @throws Error for a path that ustar has no room for
 */
export function writeTar(entries: readonly Entry[], timeMs: number): Buffer {
  const blocks = entries.flatMap(({ path, content }) => [
    header(path, content.length, timeMs),
    content,
    Buffer.alloc(padding(content.length)),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, size: number, timeMs: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, name] = divided(path);
  const octal = (value: number, at: number, digits: number) =>
    block.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  block.write(name, NAME[0]);
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, SIZE[0], 11);
  octal(Math.floor(timeMs / 1000), 136, 11);
  block.write('0', TYPE[0], 'latin1');
  block.write('ustar\x0000', MAGIC[0], 'latin1');
  block.write(prefix, PREFIX[0]);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, CHECKSUM[0], 'latin1');
  return block;
}

/** Ustar has 100 bytes for a name, and 155 for the folders before it. */
function divided(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= NAME[1]) return ['', path];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    const fits = Buffer.byteLength(prefix) <= PREFIX[1] && Buffer.byteLength(name) <= NAME[1];
    if (fits) return [prefix, name];
  }
  throw new Error(`a tar archive has no room for the name ${path}`);
}

/**
 * Reads an archive of plain files as {@link writeTar} writes it; other kinds of entries are refused.
 *
 * @throws BadSnapshot where it is none, or is not whole
 */
export function readTar(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) return ended(entries, bytes.subarray(at));
    if (entries.length >= LIMITS.files + 1) throw new BadSnapshot('it has too many files');
    const path = pathOf(block);
    const size = number(block, SIZE);
    const end = at + BLOCK + size;
    if (end > bytes.length) throw new BadSnapshot(`it ends within ${path}`);
    entries.push({ path, content: bytes.subarray(at + BLOCK, end) });
    at = end + padding(size);
  }
  throw new BadSnapshot('its end is missing');
}

function ended(entries: Entry[], rest: Buffer): Entry[] {
  if (rest.every((byte) => byte === 0)) return entries;
  throw new BadSnapshot('something follows its end');
}

function pathOf(block: Buffer): string {
  if (text(block, MAGIC).slice(0, 5) !== 'ustar' || number(block, CHECKSUM) !== checksum(block)) {
    throw new BadSnapshot('it is no tar archive');
  }
  const [prefix, name] = [text(block, PREFIX), text(block, NAME)];
  const path = prefix === '' ? name : `${prefix}/${name}`;
  const type = text(block, TYPE);
  if (type === '0' || type === '') return path;
  throw new BadSnapshot(`${path} is ${KINDS[type] ?? 'of an unknown kind'}, not a file`);
}

function text(block: Buffer, [at, length]: readonly [number, number]): string {
  const [value = ''] = block.toString('utf8', at, at + length).split('\0');
  return value;
}

function number(block: Buffer, field: readonly [number, number]): number {
  const digits = /^ *([0-7]+) *$/.exec(text(block, field))?.[1];
  if (digits === undefined) throw new BadSnapshot('it is no tar archive');
  return Number.parseInt(digits, 8);
}

/** The sum of a header's bytes, those of the sum itself taken for blanks. */
function checksum(block: Buffer): number {
  const [at, length] = CHECKSUM;
  const isOwn = (index: number) => index >= at && index < at + length;
  return block.reduce((sum, byte, index) => sum + (isOwn(index) ? 0x20 : byte), 0);
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
