import type { ResetCounter } from '../evidence/counters.ts';
import type { StepName } from '../evidence/steps.ts';
import type { Errno } from './language.ts';

export const CAUSES = [
  'control',
  'crash',
  'firewall',
  'closed',
  'idle',
  'protocol',
  'resources',
] as const;
/** Why the connection ends; `control` is a lab in which nothing is wrong. */
export type Cause = (typeof CAUSES)[number];

export const BEHAVIOURS = ['reply', 'close', 'abort', 'never-read', 'never-reply'] as const;
/** What the example server does after accept, see docs/programs.md. */
export type Behaviour = (typeof BEHAVIOURS)[number];

export const SIDES = ['none', 'client', 'server', 'both'] as const;

/** A step of the client and how it ended, `read ECONNRESET`; its face is the language's. */
export type StepOutcome = `${StepName} ${'ok' | 'eof' | Errno}`;

export type ExpectedReset = {
  readonly from: 'client' | 'server';
  /** `socket`: by a living socket; `stateless`: the kernel had no usable socket, or a middlebox made it. */
  readonly kind?: 'socket' | 'stateless';
  /** The segment of the other side that provoked it. */
  readonly answers?: 'SYN' | 'data';
};

/** What must be seen, said in terms of TCP; the same for every language. */
export type Expectation = {
  /** All of the client's steps, in order. */
  readonly client: readonly StepOutcome[];
  readonly packets: {
    /** Who sent RST segments; nobody else may have. */
    readonly rst: 'none' | ExpectedReset;
    /** Who sent a FIN before any RST; nobody else may have. */
    readonly fin: (typeof SIDES)[number];
  };
  readonly kernel: {
    /** Exact counts on each host. Every reset counter that is not named must be zero. */
    readonly client: Readonly<Partial<Record<ResetCounter, number>>>;
    readonly server: Readonly<Partial<Record<ResetCounter, number>>>;
    /** The kernel's stated reason for the RST which that side sent (`enum sk_rst_reason`). */
    readonly reason: 'none' | { readonly from: 'client' | 'server'; readonly is: string };
  };
};

/** A program under the fault's eyes. Each method waits for a state that can be observed. */
export type Actor = {
  /** Waits until the program has begun a step (for the nth time). */
  begins(step: StepName, nth?: number): Promise<void>;
  /** The same, but false if the program ends without it. */
  beginsOrEnds(step: StepName, nth?: number): Promise<boolean>;
  /** Waits until the program has ended a step, well or badly. */
  finishes(step: StepName, nth?: number): Promise<void>;
  /** Waits for bytes in the receive queue of the program's connection. */
  hasUnread(): Promise<void>;
  /** Waits until the receive queue of the program's connection is empty. */
  hasReadAll(): Promise<void>;
  /** Waits until the peer's FIN has arrived (CLOSE-WAIT or a later state). */
  receivesFin(): Promise<void>;
  /** Waits until the peer has acknowledged this side's FIN (FIN-WAIT-2 or a later state). */
  finIsAcknowledged(): Promise<void>;
  /** Waits until the kernel has no connection for the program any more. */
  losesConnection(): Promise<void>;
  /** Ends a `pause`: presses Enter. */
  proceed(): Promise<void>;
  /** A fault: sends a signal to the program. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): Promise<void>;
};

export type Fault = (actors: { readonly client: Actor; readonly server: Actor }) => Promise<void>;

/** One way in which a TCP connection ends. */
export type Lab = {
  /** What happens, one sentence. */
  readonly title: string;
  readonly cause: Cause;
  /** Why it ends so, one sentence; stands beside the deciding segment in the report. */
  readonly why: string;
  readonly topology: 'direct';
  /** What the server does, or `none`: no server is started. */
  readonly server: { readonly behaviour: Behaviour } | 'none';
  readonly client:
    | { readonly program: 'ask' }
    | { readonly program: 'ask-twice'; readonly messages: readonly string[] };
  /** What is done to the connection, where the programs' own behaviour is not all. */
  readonly fault?: Fault;
  readonly expect: Expectation;
  /** True exceptions of one client language, each with its reason. */
  readonly differs?: Readonly<
    Record<string, { readonly because: string; readonly expect: Expectation }>
  >;
};

/** A lab with what its folder's name says. */
export type NamedLab = Lab & {
  /** `04` */
  readonly number: string;
  /** `crash-server` */
  readonly name: string;
};

/** Declares a lab; `labs/<number>-<name>/lab.ts` exports it by default. Only there for the types. */
export function lab(definition: Lab): Lab {
  return definition;
}
