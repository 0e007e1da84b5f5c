import type { Random } from '../random.ts';

/** Inputs are kept below it: what is slow for so many bytes is slow for more. */
export const LARGEST_INPUT = 256 * 1024;

/** Numbers at which fields of 1, 2 and 4 bytes turn over, and what programs take for an end. */
const EDGES = [0, 1, 2, 7, 8, 15, 16, 20, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff];
const WIDE_EDGES = [...EDGES, 0x10000, 0x40000, 0x40001, 0x7fffffff, 0x80000000, 0xffffffff];

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    return changed(bytes, random, (at) => (at ^ (1 << random.below(8))) & 0xff);
  },
  function setByte(bytes, random) {
    return changed(bytes, random, () => random.below(256));
  },
  function setEdge(bytes, random) {
    return changed(bytes, random, () => random.pick(EDGES) & 0xff);
  },
  function setNumber(bytes, random) {
    const copy = new Uint8Array(bytes);
    const width = random.pick([2, 4]);
    if (copy.length < width) return copy;
    const view = new DataView(copy.buffer);
    const at = random.below(copy.length - width + 1);
    const [number, isLittle] = [random.pick(WIDE_EDGES), random.below(2) === 0];
    if (width === 2) view.setUint16(at, number & 0xffff, isLittle);
    else view.setUint32(at, number, isLittle);
    return copy;
  },
  function remove(bytes, random) {
    const [from, to] = range(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  function truncate(bytes, random) {
    return new Uint8Array(bytes.subarray(0, random.below(bytes.length + 1)));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    const added = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
    return joined(bytes.subarray(0, at), added, bytes.subarray(at));
  },
  function insertSigns(bytes, random) {
    const at = random.below(bytes.length + 1);
    return joined(
      bytes.subarray(0, at),
      Buffer.from(random.pick(SIGNS), 'latin1'),
      bytes.subarray(at),
    );
  },
  function copyWithin(bytes, random) {
    const [from, to] = range(bytes, random);
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at));
  },
  function repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    const piece = bytes.subarray(from, to);
    const most = Math.floor(LARGEST_INPUT / Math.max(1, piece.length));
    const times = random.below(Math.min(most, random.pick([4, 64, 4096])) + 1);
    const middle = Array.from({ length: times }, () => piece);
    return joined(bytes.subarray(0, to), ...middle, bytes.subarray(to));
  },
  function splice(bytes, random, other) {
    const [from, to] = range(other, random);
    const at = random.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at));
  },
];

/** Signs which texts are taken apart by, and some that are no UTF-8. */
const SIGNS = [
  ...['\n', '\r\n', '\t', '\0', ' ', '\\', '\\n', '$', '${', '}', ':-', '$$', ':', '[', ']', '::'],
  ...['\xff', '\xc3', '\xed\xa0\x80', '\xf4\x90\x80\x80', '-1', '1e309', 'NaN', '__proto__'],
];

/** One to eight changes of an input; `other` is another one, whose pieces may come into it. */
export function mutated(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = bytes;
  // Few large ones: they take the time of many.
  const largest = random.below(50) === 0 ? LARGEST_INPUT : 4096;
  for (let times = 1 << random.below(4); times > 0; times--) {
    result = random.pick(MUTATIONS)(result, random, other).subarray(0, largest);
  }
  // A copy, which `slice` of a Buffer is not.
  return new Uint8Array(result);
}

function changed(bytes: Uint8Array, random: Random, to: (was: number) => number): Uint8Array {
  const copy = new Uint8Array(bytes);
  if (copy.length === 0) return copy;
  const at = random.below(copy.length);
  copy[at] = to(copy[at] ?? 0);
  return copy;
}

function range(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length + 1);
  const longest = random.pick([4, 16, 128, bytes.length]);
  return [from, Math.min(bytes.length, from + random.below(longest + 1))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
