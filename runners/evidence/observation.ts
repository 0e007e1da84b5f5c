import type { Packet } from './connection.ts';
import type { Counters } from './counters.ts';
import type { TracedReset } from './resets.ts';
import type { Report } from './steps.ts';

/** Evidence, or the reason why it could not be collected. */
export type Collected<T> = { readonly got: T } | { readonly missing: string };

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
