import type { Cell } from './plan.ts';

/**
 * Hands out the cells of a run. Hosts are dear and serve only cells of their key, so whoever has hosts gets
 * another cell of their key while there is one; else one of the group that has the most to do for each of
 * those who work on it. Of a group, the longest come first: at the end one of them would keep the machine
 * waiting.
 */
export class CellQueue {
  readonly #groups = new Map<string, { readonly cells: Cell[]; costMs: number; takers: number }>();
  readonly #costOf: (cell: Cell) => number;

  /**
   * @param keyOf cells of equal keys can use the same hosts
   * @param costOf a cell's expected duration in milliseconds
   */
  constructor(
    cells: readonly Cell[],
    keyOf: (cell: Cell) => string,
    costOf: (cell: Cell) => number,
  ) {
    this.#costOf = costOf;
    for (const cell of [...cells].sort((a, b) => costOf(b) - costOf(a))) {
      const key = keyOf(cell);
      const group = this.#groups.get(key) ?? { cells: [], costMs: 0, takers: 0 };
      group.cells.push(cell);
      group.costMs += costOf(cell);
      this.#groups.set(key, group);
    }
  }

  /** One who takes a cell after the other. */
  taker(): { next(): Cell | undefined } {
    let key: string | undefined;
    return {
      next: () => {
        if (key !== undefined && this.#lengthOf(key) === 0) {
          this.#change(key, -1);
          key = undefined;
        }
        if (key === undefined) {
          key = this.#neediest();
          if (key !== undefined) this.#change(key, 1);
        }
        return key === undefined ? undefined : this.#take(key);
      },
    };
  }

  /** Takes all that are left. */
  empty(): Cell[] {
    return [...this.#groups.values()].flatMap(({ cells }) => cells.splice(0));
  }

  #take(key: string): Cell | undefined {
    const group = this.#groups.get(key);
    const cell = group?.cells.shift();
    if (group && cell) group.costMs -= this.#costOf(cell);
    return cell;
  }

  #neediest(): string | undefined {
    let most: { readonly key: string; readonly needMs: number } | undefined;
    for (const [key, { cells, costMs, takers }] of this.#groups) {
      const needMs = costMs / (takers + 1);
      if (cells.length > 0 && (!most || needMs > most.needMs)) most = { key, needMs };
    }
    return most?.key;
  }

  #lengthOf(key: string): number {
    return this.#groups.get(key)?.cells.length ?? 0;
  }

  #change(key: string, by: number): void {
    const group = this.#groups.get(key);
    if (group) group.takers += by;
  }
}
