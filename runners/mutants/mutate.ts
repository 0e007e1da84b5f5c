import * as v from 'valibot';
import type { Alternative, Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import { STORY_SCHEMA } from '../catalog/schema.ts';
import { Random } from '../random.ts';
import type { Recorded } from '../recording.ts';
import { expectedOf } from '../verdict/expected.ts';
import { judge } from '../verdict/judge.ts';
import { wasSo } from './facts.ts';
import { implies } from './implies.ts';
import { OPERATORS } from './operators.ts';
import { at, slotsOf } from './slots.ts';

export type Judge = typeof judge;

/** What became of a mutant. */
export type Fate =
  /** A cell does not pass any more. */
  | 'caught'
  /** What fulfils the lab fulfils the mutant, always: nobody can tell them apart. */
  | 'equivalent'
  /** What was seen fulfils both; something else, which may happen, would not. */
  | 'unobserved'
  /** It should have been caught. */
  | 'unexplained';

export type Mutated = {
  /** `06 closed-socket` */
  readonly story: string;
  readonly operator: string;
  /** Whether the story leaves something open: then one run may catch what another does not. */
  readonly isOpen: boolean;
  readonly fate: Fate;
  /** Of all but those that were caught. */
  readonly why: string;
  /** Of those that should have been caught: what was stated in place of what. */
  readonly change: string;
};

/** How many tries it may take to find one more mutant that is valid and new. */
const TRIES = 30;

/**
 * Mutates what stories state, at random, and judges what was seen of them once more.
 *
 * @param seed of the same seed come the same mutants
 * @param judging the judge who is being tested
 */
export function mutate(
  recorded: readonly Recorded[],
  { count, seed, judging = judge }: { count: number; seed: number; judging?: Judge },
): Mutated[] {
  const random = new Random(seed);
  const byStory = new Map<string, Recorded[]>();
  for (const one of recorded) {
    const name = nameOf(one.cell.lab);
    byStory.set(name, [...(byStory.get(name) ?? []), one]);
  }
  const stories = [...byStory.keys()];
  const known = new Set(
    [...byStory].map(([name, [first]]) => `${name} ${first ? stated(first.cell.lab) : ''}`),
  );
  const mutants: Mutated[] = [];
  for (let tries = 0; mutants.length < count && tries < count * TRIES; tries++) {
    const name = random.of(stories) ?? '';
    const cells = byStory.get(name) ?? [];
    const operator = random.of(OPERATORS);
    const lab = cells[0]?.cell.lab;
    const changed = lab && operator?.mutate(lab, random);
    if (!operator || !changed) continue;
    const mutant: NamedLab = { ...lab, ...changed };
    const key = `${name} ${stated(mutant)}`;
    if (known.has(key) || !isValid(mutant)) continue;
    known.add(key);
    const { fate, why } = fateOf(mutant, cells, judging);
    const change = fate === 'unexplained' ? `${stated(lab)} → ${stated(mutant)}` : '';
    mutants.push({
      ...{ story: name, operator: operator.name, isOpen: isOpen(lab) },
      fate,
      why,
      change,
    });
  }
  return mutants;
}

export function nameOf({ number, name, variant, cure }: NamedLab): string {
  return [number, name, variant, cure].filter((part) => part !== null).join(' ');
}

function stated({ expect, differs }: Pick<NamedLab, 'expect' | 'differs'>): string {
  return JSON.stringify([expect, differs ?? []]);
}

function isValid(mutant: NamedLab): boolean {
  const { number: _, name, headline, causes, variant, cure, differs = [], ...story } = mutant;
  const expected = [story.expect, ...differs.map(({ expect }) => expect)];
  return expected.every((expect) => v.safeParse(STORY_SCHEMA, { ...story, expect }).success);
}

/** Whether a story has several outcomes, a count or a reason that it leaves open. */
export function isOpen(lab: NamedLab): boolean {
  return slotsOf(lab).some((slot) => {
    const { kernel } = at(lab, slot);
    const counts = [kernel.client, kernel.server, kernel.balancer ?? {}];
    const reasons = typeof kernel.reason === 'string' ? [] : [kernel.reason].flat();
    return (
      slot.alternative !== null ||
      counts.some((of) => Object.values(of).includes('some')) ||
      reasons.some(({ is }) => typeof is !== 'string')
    );
  });
}

type Outcomes = readonly (Expectation | Alternative)[];

function fateOf(
  mutant: NamedLab,
  cells: readonly Recorded[],
  judging: Judge,
): { fate: Fate; why: string } {
  const isPass = ({ cell, observed }: Recorded) =>
    judging({ ...cell, lab: mutant }, observed.observation).verdict === 'pass';
  if (!cells.every(isPass)) return { fate: 'caught', why: '' };
  const compared = cells.map((one) => {
    const then = expectedOf(one.cell);
    const now = expectedOf({ ...one.cell, lab: mutant });
    return { one, then, now, met: metOf(one, then, judging) };
  });
  if (compared.every(({ then, now }) => JSON.stringify(then) === JSON.stringify(now))) {
    return { fate: 'unobserved', why: 'it is about languages that were not run' };
  }
  const covers = (ones: Outcomes, others: Outcomes) =>
    ones.every((a) => others.some((b) => implies(a, b)));
  if (compared.every(({ then, now }) => covers(then, now))) {
    const isSame = compared.every(({ then, now }) => covers(now, then));
    const why = isSame ? 'it says the same' : 'it says less: what fulfils the lab fulfils it';
    return { fate: 'equivalent', why };
  }
  const isMet = ({ met, now }: (typeof compared)[number]) =>
    met.some((a) => now.some((b) => implies(a, b)));
  if (compared.every(isMet)) {
    return { fate: 'unobserved', why: 'what it is about did not happen' };
  }
  const wasTrue = ({ one, met, now }: (typeof compared)[number]) =>
    met.some((a) => now.some((b) => isLike(a, b) && wasSo(b, one.observed.observation)));
  if (compared.every((cell) => isMet(cell) || wasTrue(cell))) {
    return { fate: 'unobserved', why: 'it says something that the lab leaves open, and so it was' };
  }
  return { fate: 'unexplained', why: 'what was seen does not fulfil it' };
}

/** The outcomes of the lab that a cell has met: more than one may fit. */
function metOf({ cell, observed }: Recorded, outcomes: Outcomes, judging: Judge): Outcomes {
  return outcomes.filter(({ client, packets, kernel }) => {
    const { differs: _, ...lab } = cell.lab;
    const only = { ...lab, expect: { client, packets, kernel } };
    return judging({ ...cell, lab: only }, observed.observation).verdict === 'pass';
  });
}

/** Whether two expectations differ only in what can be looked up in the evidence. */
function isLike(one: Expectation, other: Expectation): boolean {
  const told = ({ packets: { rst } }: Expectation) =>
    rst === 'none' ? [] : [rst].flat().map(({ from, answers, by }) => `${from} ${answers} ${by}`);
  const known = told(one);
  return (
    one.client.join() === other.client.join() &&
    one.packets.fin === other.packets.fin &&
    told(other).every((reset) => known.includes(reset))
  );
}
