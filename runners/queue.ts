import type { Cell } from './plan.ts';

/**
 * Hands out the cells of a run. Hosts are dear and serve only cells of their key, so whoever has hosts gets
 * another cell of their key while there is one; else one of the group that needs another taker most. Of a
 * group, the longest come first: at the end one of them would keep the machine waiting. A group has parts
 * where cells have a second key: what is on the hosts already.
 */
export class CellQueue {
  readonly #all: Group = newGroup();
  readonly #costOf: (cell: Cell) => number;

  /**
   * @param keysOf the dearest first: cells whose first keys are equal can use the same hosts
   * @param costOf a cell's expected duration in milliseconds
   */
  constructor(
    cells: readonly Cell[],
    keysOf: (cell: Cell) => readonly string[],
    costOf: (cell: Cell) => number,
  ) {
    this.#costOf = costOf;
    for (const cell of [...cells].sort((a, b) => costOf(b) - costOf(a))) {
      const path = [this.#all];
      for (const key of keysOf(cell)) path.push(partOf(path.at(-1) as Group, key));
      path.at(-1)?.cells.push(cell);
      for (const group of path) {
        group.left += 1;
        group.costMs += costOf(cell);
      }
    }
  }

  /** One who takes a cell after the other. */
  taker(): { next(): Cell | undefined } {
    // The group on which it works, and above it all of which that is a part.
    const path = [this.#all];
    this.#all.takers += 1;
    return {
      next: () => {
        while (path.length > 1 && path.at(-1)?.left === 0) (path.pop() as Group).takers -= 1;
        for (let part = neediest(path.at(-1)); part; part = neediest(part)) {
          part.takers += 1;
          path.push(part);
        }
        const cell = path.at(-1)?.cells.shift();
        if (cell === undefined) return undefined;
        for (const group of path) {
          group.left -= 1;
          group.costMs -= this.#costOf(cell);
        }
        return cell;
      },
    };
  }

  /** Takes all that are left. */
  empty(): Cell[] {
    const taker = this.taker();
    const left: Cell[] = [];
    for (let cell = taker.next(); cell; cell = taker.next()) left.push(cell);
    return left;
  }
}

type Group = {
  readonly parts: Map<string, Group>;
  /** Those that are in no part. */
  readonly cells: Cell[];
  /** With those of its parts. */
  left: number;
  costMs: number;
  takers: number;
};

function newGroup(): Group {
  return { parts: new Map(), cells: [], left: 0, costMs: 0, takers: 0 };
}

function partOf({ parts }: Group, key: string): Group {
  const part = parts.get(key) ?? newGroup();
  parts.set(key, part);
  return part;
}

/**
 * The part of a group in which most is to do beyond what its takers will have done when the whole group is:
 * so all parts end together. Else those with long waits, which one alone works on, would come last, and keep
 * the machine idle.
 */
function neediest(group: Group | undefined): Group | undefined {
  if (group === undefined) return undefined;
  const eachMs = group.costMs / Math.max(group.takers, 1);
  let most: { readonly part: Group; readonly needMs: number } | undefined;
  for (const part of group.parts.values()) {
    const needMs = part.costMs - part.takers * eachMs;
    if (part.left > 0 && (!most || needMs > most.needMs)) most = { part, needMs };
  }
  return most?.part;
}
