import type { Side } from '../evidence/connection.ts';
import type { ResetCounter } from '../evidence/counters.ts';
import type { StepName } from '../evidence/steps.ts';
import type { Errno } from './errno.ts';

export const FIN_FROM = ['none', 'client', 'server', 'balancer', 'both'] as const;

/** The signals by which a call can end the whole program, where another program gets an error. */
export const SIGNALS = { SIGPIPE: 13 } as const;
export type Signal = keyof typeof SIGNALS;

/** The signal of which a program died that ended with this status, as a shell tells it. */
export function signalOf(exitStatus: number | null): Signal | undefined {
  const names = Object.keys(SIGNALS) as Signal[];
  return names.find((name) => exitStatus === 128 + SIGNALS[name]);
}

/**
 * A step of the client and how it ended, `read ECONNRESET`; an errno's face is the language's. `blocked`: it
 * had not ended, and nothing was under way that could have ended it. `SIGPIPE`: it had not ended either, for
 * the program died of the signal in it; it is the last.
 */
export type StepOutcome = `${StepName} ${'ok' | 'eof' | 'blocked' | Errno | Signal}`;

export type ExpectedReset = {
  readonly from: Side;
  /** `socket`: by a living socket; `stateless`: the kernel had no usable socket, or a middlebox made it. */
  readonly kind?: 'socket' | 'stateless';
  /** The segment of the other side that provoked it. */
  readonly answers?: 'SYN' | 'data' | 'keepalive';
  /** Its time to live is not that of the other segments of the side whose address it bears. */
  readonly by?: 'middlebox';
};

/** `some`: one or more, where each retransmission counts. */
export type ExpectedCounts = Readonly<Partial<Record<ResetCounter, number | 'some'>>>;

/** Of a list of names, each that was stated must be one. */
export type StatedReason = { readonly from: Side; readonly is: string | readonly string[] };

/** What must be seen, said in terms of TCP; the same for every language. */
export type Expectation = {
  /** All of the client's steps, in order. */
  readonly client: readonly StepOutcome[];
  readonly packets: {
    /** Who sent RST segments; nobody else may have. */
    readonly rst: 'none' | ExpectedReset | readonly ExpectedReset[];
    /** Who sent a FIN, in connections that were reset before the RST; nobody else may have. */
    readonly fin: (typeof FIN_FROM)[number];
  };
  readonly kernel: {
    /** Exact counts on each host. Every reset counter that is not named must be zero. */
    readonly client: ExpectedCounts;
    readonly server: ExpectedCounts;
    readonly balancer?: ExpectedCounts;
    /**
     * The kernel's stated reason for the RST which a side sent (`enum sk_rst_reason`). `received only`: a
     * RST arrived that no host's TCP has sent.
     */
    readonly reason: 'none' | 'received only' | StatedReason | readonly StatedReason[];
  };
};

/** One of several ways in which a lab may end, where nobody can say beforehand which it will be. */
export type Alternative = Expectation & {
  /** A few words, for the report. */
  readonly outcome: string;
  /** Its cause, one sentence. */
  readonly because: string;
};

export type Expected = Expectation | readonly Alternative[];
