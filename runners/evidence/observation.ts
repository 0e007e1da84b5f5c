import type { Packet } from './connection.ts';
import type { Counters } from './counters.ts';
import type { TracedReset } from './resets.ts';
import type { Report } from './steps.ts';

/**
 * Evidence, or the reason why it could not be collected. `lost`: it could be collected here, and something
 * went wrong on the way, so that nobody knows what it would have said. `flood`: a program has sent more than is kept.
 */
export type Collected<T> =
  | { readonly got: T }
  | { readonly missing: string; readonly lost?: true; readonly flood?: true };

/** What one program did. */
export type ProgramRun = {
  readonly report: Report;
  /** As a shell tells it; null if the program had to be ended by us. */
  readonly exitStatus: number | null;
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** Processor time of the program, in milliseconds; null where it is not known. */
  readonly cpuMs: number | null;
};

/** What a fault did, and how many connections of the cell it could touch at that moment. */
export type FaultAction = {
  readonly what: string;
  readonly timeUs: number;
  readonly touched: number;
};

export type HostCounters = {
  readonly client: Counters;
  readonly server: Counters;
  readonly balancer?: Counters;
};

/** All that was seen of one cell. Verdicts rest on this and on nothing else. */
export type Observation = {
  readonly port: number;
  /** Those of the connection: the client's, and its peer's. */
  readonly addresses: { readonly client: string; readonly peer: string };
  /** What the client's peer is. */
  readonly peer: 'server' | 'balancer';
  readonly client: ProgramRun | null;
  readonly server: ProgramRun | null;
  readonly actions: readonly FaultAction[];
  readonly packets: Collected<readonly Packet[]>;
  readonly counters: Collected<HostCounters>;
  readonly resets: Collected<readonly TracedReset[]>;
  /** A state that the lab waited for and that did not come. */
  readonly problem: string | null;
};

/** What of the evidence was lost, in one sentence; null where nothing was. */
export function lostOf({
  packets,
  counters,
  resets,
}: Pick<Observation, 'packets' | 'counters' | 'resets'>): string | null {
  const kinds = { 'packets were': packets, 'counters were': counters, 'trace was': resets };
  for (const [what, collected] of Object.entries(kinds)) {
    if ('missing' in collected && collected.lost) return `the ${what} lost: ${collected.missing}`;
  }
  return null;
}
