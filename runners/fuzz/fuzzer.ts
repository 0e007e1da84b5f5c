import { setImmediate } from 'node:timers/promises';
import { Random } from '../random.ts';
import { mutated } from './mutate.ts';
import type { Target } from './target.ts';

export type Finding = {
  readonly target: string;
  readonly problem: string;
  readonly input: Uint8Array;
};

export type Tally = {
  readonly target: string;
  /** How many inputs were read. */
  readonly inputs: number;
  /** How many kinds of outcome they came to. */
  readonly outcomes: number;
};

export type FuzzOptions = {
  readonly seed: number;
  /** No further input is begun after it. */
  readonly untilMs: number;
  /** The time that an input may take, in milliseconds for each 1000 bytes; one of fewer counts as so many. */
  readonly msPerKilobyte?: number;
  readonly signal?: AbortSignal;
};

/** Of a target's inputs so many are kept for further changes. */
const MOST_KEPT = 2000;
/** Findings of a target after which it is left alone: the same fault has many faces. */
const MOST_FINDINGS = 5;
/** Larger ones are not: what is made of them would be slow, too. */
const LARGEST_KEPT = 8192;
/** How long a target reads in its turn, in milliseconds. */
const TURN_MS = 100;

/**
 * Lets targets read changed inputs, in turn. An input that comes to what none before it came to is changed
 * again, so that it gets deeper into what reads it than chance alone.
 */
export async function fuzz(
  targets: readonly Target[],
  { seed, untilMs, msPerKilobyte = 25, signal }: FuzzOptions,
): Promise<{ findings: Finding[]; tallies: Tally[] }> {
  const random = new Random(seed);
  const all = targets.map((target) => new Fuzzed(target, msPerKilobyte));
  while (performance.now() < untilMs && !signal?.aborted && all.some(({ isDone }) => !isDone)) {
    for (const one of all) one.turn(random, untilMs);
    // For signals and timers.
    await setImmediate();
  }
  return {
    findings: all.flatMap(({ findings }) => findings),
    tallies: all.map((one) => one.tally),
  };
}

class Fuzzed {
  readonly findings: Finding[] = [];
  readonly #target: Target;
  readonly #msPerKilobyte: number;
  readonly #kept: Uint8Array[];
  readonly #outcomes = new Set<string>();
  #inputs = 0;

  constructor(target: Target, msPerKilobyte: number) {
    this.#target = target;
    this.#msPerKilobyte = msPerKilobyte;
    this.#kept = [...target.seeds];
  }

  get isDone(): boolean {
    return this.findings.length >= MOST_FINDINGS;
  }

  get tally(): Tally {
    return { target: this.#target.name, inputs: this.#inputs, outcomes: this.#outcomes.size };
  }

  turn(random: Random, untilMs: number): void {
    const endMs = Math.min(untilMs, performance.now() + TURN_MS);
    while (!this.isDone && performance.now() < endMs) {
      const input = mutated(random.pick(this.#kept), random.pick(this.#kept), random);
      this.#read(input, random);
    }
  }

  #read(input: Uint8Array, random: Random): void {
    this.#inputs += 1;
    const choices = random.below(2 ** 32);
    const { problem, outcome } = this.#attempt(input, choices);
    if (problem !== undefined) {
      const again = (bytes: Uint8Array) => this.#attempt(bytes, choices).problem !== undefined;
      // What cannot be repeated was the machine's (a pause) and not the input's.
      if (!again(input)) return;
      const least = shrunk(input, again);
      const said = this.#attempt(least, choices).problem ?? problem;
      this.findings.push({ target: this.#target.name, problem: said, input: least });
    } else if (outcome !== undefined && !this.#outcomes.has(outcome)) {
      this.#outcomes.add(outcome);
      const isKept = input.length <= LARGEST_KEPT && this.#kept.length < MOST_KEPT;
      if (isKept) this.#kept.push(input);
    }
  }

  #attempt(input: Uint8Array, choices: number): { problem?: string; outcome?: string } {
    // Processor time: the machine may be busy with something else.
    const before = process.cpuUsage();
    try {
      const outcome = this.#target.read(input, new Random(choices));
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      const most = this.#msPerKilobyte * Math.max(1, input.length / 1000);
      if (ms <= most) return { outcome };
      return { problem: `took ${ms.toFixed(0)} ms for ${input.length} bytes` };
    } catch (error) {
      return { problem: error instanceof Error ? String(error.stack) : String(error) };
    }
  }
}

/** A smaller input that shows the same: pieces are left out, ever shorter ones. */
function shrunk(input: Uint8Array, isBroken: (input: Uint8Array) => boolean): Uint8Array {
  let least = input;
  let attempts = 500;
  for (let size = Math.ceil(least.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < least.length && attempts > 0; attempts--) {
      const without = Buffer.concat([least.subarray(0, at), least.subarray(at + size)]);
      if (isBroken(without)) least = new Uint8Array(without);
      else at += size;
    }
  }
  return least;
}
