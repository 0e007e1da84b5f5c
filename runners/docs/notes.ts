import { notEnded, openStep, surfaced } from '../reports/terminal/summary.ts';
import type { CellResult, StepResult } from '../results/result.ts';
import { type Segment, stepsOf } from './segments.ts';

/** What a program or a fault did, between two segments. */
export type Note = {
  /** It comes before the segment with this index. */
  readonly at: number;
  readonly of: 'client' | 'server' | 'fault';
  readonly text: string;
};

/** What happened because of the segment before goes before what leads to the segment after. */
const RANK = {
  clientAfter: 0,
  serverAfter: 1,
  fault: 2,
  serverBefore: 3,
  clientBefore: 4,
} as const;

type Place = { readonly at: number; readonly rank: number };

/**
 * The steps of the programs and the faults, each at the segment that belongs to it. Times would not do:
 * whether a program or a capture is sooner is chance.
 */
export function notesOf(
  cell: CellResult,
  segments: readonly Segment[],
  isProxied: boolean,
): Note[] {
  const placed: (Note & Place)[] = [];
  const numbers = [...new Set(segments.map(({ connection }) => connection))];
  for (const number of numbers) {
    const start = segments.findIndex(({ connection }) => connection === number);
    const end = segments.findLastIndex(({ connection }) => connection === number) + 1;
    const { client, server } = stepsOf(cell, number);
    placed.push(...walk('client', client, segments, { start, end }));
    if (!isProxied) placed.push(...walk('server', server, segments, { start, end }));
  }
  for (const { atMs, what } of cell.actions) {
    const next = segments.findIndex(
      (segment) => segment.atMs >= atMs - (isConsequence(segment) ? SLACK_MS : 0),
    );
    const at = next < 0 ? segments.length : next;
    placed.push({ at, rank: RANK.fault, of: 'fault', text: what });
  }
  const open = openStep(cell);
  if (open) {
    const text = `${open} ${notEnded(cell)}`;
    placed.push({ at: segments.length, rank: RANK.clientBefore, of: 'client', text });
  }
  return placed
    .sort((a, b) => a.at - b.at || a.rank - b.rank)
    .map(({ at, of, text }) => ({ at, of, text }));
}

/** The clock of the capture may be behind that of the fault; what a fault brings about comes after it. */
const SLACK_MS = 20;

function isConsequence({ kind, again }: Segment): boolean {
  return again || kind === 'fin' || kind === 'rst' || kind === 'probe';
}

function walk(
  of: 'client' | 'server',
  steps: readonly StepResult[],
  segments: readonly Segment[],
  { start, end }: { readonly start: number; readonly end: number },
): (Note & Place)[] {
  const after = of === 'client' ? RANK.clientAfter : RANK.serverAfter;
  const before = of === 'client' ? RANK.clientBefore : RANK.serverBefore;
  const isOwn = ({ from }: Segment) => (from === 'client') === (of === 'client');
  const find = (from: number, fits: (segment: Segment) => boolean) => {
    const found = segments.slice(from, end).findIndex(fits);
    return found < 0 ? undefined : from + found;
  };
  let place: Place = { at: start, rank: after };
  let readFrom = start;
  return steps.flatMap((step): (Note & Place)[] => {
    const wanted = wants(step);
    if (wanted === undefined) return [];
    const { kind, side, when } = wanted;
    const from = when === 'after' ? Math.max(readFrom, start) : place.at;
    const index = find(
      from,
      (segment) =>
        kind.includes(segment.kind) && isOwn(segment) === (side === 'own') && !segment.again,
    );
    if (index !== undefined) {
      const ends = segments[index]?.kind === 'syn' && segments[index + 1]?.kind === 'ack' ? 2 : 1;
      const next =
        when === 'after' ? { at: index + ends, rank: after } : { at: index, rank: before };
      if (when === 'after') readFrom = index + 1;
      if (next.at > place.at || (next.at === place.at && next.rank > place.rank)) place = next;
      const shown = { ...place, of, text: textOf(step) };
      // The next of its own segments is another.
      if (when === 'before') place = { at: index + 1, rank: after };
      return [shown];
    }
    if (step.outcome === 'error' && of === 'client') place = { at: end, rank: after };
    return [{ ...place, of, text: textOf(step) }];
  });
}

const DATA: readonly Segment['kind'][] = ['data'];

type Wanted = {
  readonly kind: readonly Segment['kind'][];
  readonly side: 'own' | 'other';
  readonly when: 'before' | 'after';
};

/** The segment that ends a step or that it makes; undefined for steps that are not shown. */
function wants({ role, step, outcome }: StepResult): Wanted | undefined {
  const before = (...kind: Segment['kind'][]): Wanted => ({ kind, side: 'own', when: 'before' });
  const after = (...kind: Segment['kind'][]): Wanted => ({ kind, side: 'other', when: 'after' });
  if (outcome === 'error' && role === 'server') return after(...(step === 'accept' ? [] : DATA));
  if (outcome === 'error') return after('rst');
  if (outcome === 'eof') return after('fin');
  if (step === 'connect') return after('syn');
  if (step === 'send') return before('data');
  if (step === 'read' || step === 'handshake') return after('data');
  if (step === 'close' || step === 'abort' || step === 'shutdown') return before('fin', 'rst');
  return undefined;
}

function textOf(step: StepResult): string {
  if (step.outcome === 'ok' && step.role === 'server') return step.step;
  const shown = surfaced(step);
  return shown === 'ok' ? step.step : `${step.step} → ${shown}`;
}
