import type { EngineName } from '../engines/engine.ts';
import type { Side } from '../evidence/connection.ts';
import type { HostCounters } from '../evidence/observation.ts';
import type { Finding } from '../verdict/finding.ts';
import type { Witness } from '../verdict/judge.ts';

/** The result of a run, as `--json` prints it and `run.json` keeps it; its schema is run.schema.json. */
export type RunResult = {
  readonly schema: 1;
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number;
  /** The command that repeats the run. */
  readonly command: string;
  readonly engine: { readonly name: EngineName; readonly title: string; readonly why: string };
  readonly machine: { readonly kernel: string; readonly arch: string; readonly cpus: number };
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly cells: readonly CellResult[];
  readonly processor: {
    /** Processor time of the example programs, in milliseconds. */
    readonly programsMs: number;
    /** Of all that the run did on this machine, the programs included; null where they ran elsewhere. */
    readonly allMs: number | null;
  };
};

export type Verdict = 'pass' | 'fail' | 'unknown';

export type CellResult = {
  readonly lab: string;
  readonly number: string;
  /** Null where the lab has no variants. */
  readonly variant: string | null;
  /** Null in a lab's plain story. */
  readonly cure: string | null;
  readonly title: string;
  readonly why: string;
  readonly engine: EngineName;
  readonly ip: 4 | 6;
  readonly repeat: number;
  readonly client: ProgramName;
  /** Its `program` is `none` where the lab has no server: then nothing listens on the server's host. */
  readonly server: ProgramName;
  readonly verdict: Verdict | 'not-run';
  readonly reason: string;
  /** The true exception of this language, where the lab names one. */
  readonly because: string | null;
  /** Which of several possible outcomes it was; null where the lab has one only, or none was met. */
  readonly outcome: { readonly name: string; readonly because: string } | null;
  readonly durationMs: number;
  readonly evidence: Readonly<Record<Witness, Finding['agreement']>>;
  readonly findings: Readonly<Record<Witness, Finding>> | null;
  readonly steps: readonly StepResult[];
  /** Steps that had not ended when the evidence was taken. */
  readonly unfinished: readonly {
    readonly role: Role;
    readonly step: string;
    readonly beganMs: number;
  }[];
  /** What the fault did. */
  readonly actions: readonly {
    readonly what: string;
    readonly atMs: number;
    readonly touched: number;
  }[];
  /** Null where no capture was possible. */
  readonly packets: readonly PacketResult[] | null;
  readonly kernel: {
    /** Null where the counters could not be read. */
    readonly hosts: HostCounters | null;
    /** Null where the kernel's trace could not be read. */
    readonly resetReasons: readonly { readonly host: Side; readonly reason: string }[] | null;
    /** Why there are no reasons; null where there are. */
    readonly noReasons: string | null;
  };
  readonly outputs: readonly {
    readonly role: Role;
    readonly exitStatus: number | null;
    readonly out: readonly string[];
    readonly err: readonly string[];
    /** Processor time in milliseconds; null where it is not known. */
    readonly cpuMs: number | null;
  }[];
  /** What commands showed on a host at moments that the lab names, where that was asked for. */
  readonly looks: readonly {
    readonly on: string;
    readonly command: string;
    readonly lines: readonly string[];
  }[];
  readonly pcap: string | null;
};

export type Role = 'client' | 'server';

export type ProgramName = {
  readonly language: string;
  /** As the program itself reports it; null where it did not run. */
  readonly version: string | null;
  readonly program: string;
};

export type StepResult = {
  readonly role: Role;
  readonly step: string;
  readonly beganMs: number;
  readonly atMs: number;
  readonly outcome: 'ok' | 'eof' | 'error';
  readonly error: {
    readonly type: string;
    readonly errno: string | null;
    readonly message: string;
  } | null;
};

export type PacketResult = {
  readonly atMs: number;
  readonly from: Side;
  readonly to: Side;
  readonly flags: readonly string[];
  /** Relative to the sender's SYN. */
  readonly seq: number;
  readonly ack: number | null;
  readonly length: number;
  readonly ttl: number;
  readonly window: number;
  readonly ipId: number | null;
  readonly retransmission: boolean;
  /** A RST which the kernel, or a middlebox, made without a usable socket. */
  readonly stateless: boolean;
  readonly keepAlive: boolean;
  /** Counts the connections from 1. */
  readonly connection: number;
};

/** The verdict on a whole run: what was not run makes it unknown, and so does an empty run. */
export function verdictOf(cells: readonly Pick<CellResult, 'verdict'>[]): Verdict {
  if (cells.some(({ verdict }) => verdict === 'fail')) return 'fail';
  return cells.length > 0 && cells.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'unknown';
}
