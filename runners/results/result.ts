import type { Cause } from '../catalog/lab.ts';
import type { EngineName } from '../engines/engine.ts';
import type { Side } from '../evidence/connection.ts';
import type { HostCounters } from '../evidence/observation.ts';
import type { LeftOut } from '../plan.ts';
import type { Shard } from '../shard.ts';
import type { DifferenceOfCell } from '../verdict/difference.ts';
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
  /** In the order in which they were used. */
  readonly engines: readonly EngineOfRun[];
  /** Engines that would have been used, too, had they been there. */
  readonly absent: readonly AbsentEngine[];
  /** Cells that were not planned because a language has no program for them; in each engine so many. */
  readonly leftOut: readonly LeftOut[];
  /** That of the orchestrator; its kernel is that of the first engine. */
  readonly machine: { readonly kernel: string; readonly arch: string; readonly cpus: number };
  /** What was run; null where nobody will compare it. */
  readonly revision: Revision | null;
  /** Which part of a plan this run was; null if it was all of it. */
  readonly shard: (Shard & PlanOfShards) | null;
  /** The shards of which this run was merged. */
  readonly merged: readonly MergedShard[] | null;
  readonly verdict: Verdict;
  /** Whether it ended before all of its cells had happened. */
  readonly interrupted: boolean;
  /** How many cells were planned; where fewer have a result, the run was killed. */
  readonly planned: number;
  readonly cells: readonly CellResult[];
} & Strictness;

/** What made hosts, and what that took. */
export type EngineOfRun = {
  readonly name: EngineName;
  readonly title: string;
  /** Why this engine was taken. */
  readonly why: string;
  readonly kernel: string;
  readonly durationMs: number;
  readonly processor: {
    /** Processor time of the example programs, in milliseconds. */
    readonly programsMs: number;
    /** Of all that the run did on this machine, the programs included; null where they ran elsewhere. */
    readonly allMs: number | null;
  };
};

export type AbsentEngine = { readonly name: EngineName; readonly why: string };

export type Revision = {
  /** Null outside of a repository; with `-dirty` where files have changed since. */
  readonly commit: string | null;
  /** A digest of all that verdicts depend on: labs, programs, orchestrator, images. */
  readonly sources: string;
};

/** The plan that all shards have in common. */
export type PlanOfShards = { readonly plan: string; readonly total: number };

export type MergedShard = Pick<
  RunResult,
  'id' | 'startedAt' | 'durationMs' | 'machine' | 'engines'
> & {
  readonly index: number;
};

export type Verdict = 'pass' | 'fail' | 'unknown';

export type CellResult = {
  readonly lab: string;
  readonly number: string;
  /** Null where the lab has no variants. */
  readonly variant: string | null;
  /** Null in a lab's plain story. */
  readonly cure: string | null;
  /** The lab's. */
  readonly causes: readonly Cause[];
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
  /** More of this exception: where its cause is shown, and whether this cell needed it. */
  readonly difference: DifferenceOfCell | null;
  /** Which of several possible outcomes it was; null where the lab has one only, or none was met. */
  readonly outcome: { readonly name: string; readonly because: string } | null;
  /** All outcomes that were possible; empty where the lab has one only. */
  readonly outcomes: readonly { readonly name: string; readonly because: string }[];
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
  /** The version that was asked for, `25`; null: any. */
  readonly asked: string | null;
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

/** A story of a lab; of a difference, the languages that it is of, null where it is of all. */
export type OfStory = Pick<CellResult, 'lab' | 'number' | 'variant' | 'cure'> & {
  readonly client: string | null;
  readonly server: string | null;
};

/** An outcome that is possible, says the lab, and that no cell of a run has shown. */
export type NeverMet = OfStory & {
  readonly outcome: string;
  readonly because: string;
  /** How many cells could have shown it. */
  readonly cells: number;
};

/** What a run says of a known difference. */
export type DifferenceOfRun = OfStory & {
  readonly because: string;
  readonly link: string;
  /** How many cells it is of, those that were not run left out. */
  readonly cells: number;
  /** In how many of them it was met, and the lab's own expectation contradicted. */
  readonly needed: number;
  /** In how many all witnesses agreed with the lab's own expectation. */
  readonly unneeded: number;
  readonly standing: 'needed' | 'not needed' | 'not shown';
};

/** What has an expectation shows of it over a run, both ways. */
export type Strictness = {
  readonly neverMet: readonly NeverMet[];
  readonly differences: readonly DifferenceOfRun[];
};
