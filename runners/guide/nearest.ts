import { grouped } from '../grouped.ts';
import { type Entry, textOf } from './entries.ts';

/** The texts that are most like one of the lines of a text that is none of them, the likest first. */
export function nearest(text: string, entries: readonly Entry[], count: number): Entry[] {
  const lines = tellingLines(text).map(pairsOf);
  return grouped(entries, ({ face }) => textOf(face))
    .map(([entry]) => {
      // What stands for what changes is like nothing.
      const own = pairsOf(textOf(entry.face).replaceAll(/\{\w+\}/g, ' '));
      return { entry, like: Math.max(...lines.map((line) => likeness(line, own))) };
    })
    .sort((a, b) => b.like - a.like)
    .slice(0, count)
    .map(({ entry }) => entry);
}

/** Of a long text the first lines must do. */
const LINES = 100;

/** The lines of a text that name an error or a warning; of one that does not, all. */
export function tellingLines(text: string): string[] {
  const lines = text
    .split('\n', LINES)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) =>
    /(?:error|exception|warning|failure)\b\W{0,2}:/i.test(line),
  );
  return telling.length > 0 ? telling : lines;
}

/** Dice's coefficient of pairs of letters: words in another order are still alike. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((pair) => other.has(pair)).length;
  return one.size + other.size === 0 ? 0 : (2 * common) / (one.size + other.size);
}

function pairsOf(text: string): Set<string> {
  const low = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ');
  return new Set(
    Array.from({ length: Math.max(0, low.length - 1) }, (_, at) => low.slice(at, at + 2)),
  );
}
