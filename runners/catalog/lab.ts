import type { Side } from '../evidence/connection.ts';
import type { ResetCounter } from '../evidence/counters.ts';
import type { StepName } from '../evidence/steps.ts';
import type { Errno } from './language.ts';
import type { ClientOfLab, ServerOfLab } from './programs.ts';
import type { Scene } from './stage.ts';
import type { HostName, Need, Sysctls, TopologyName } from './topology.ts';

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

export const FIN_FROM = ['none', 'client', 'server', 'balancer', 'both'] as const;

/**
 * A step of the client and how it ended, `read ECONNRESET`; an errno's face is the language's. `blocked`: it
 * had not ended, and nothing was under way that could have ended it.
 */
export type StepOutcome = `${StepName} ${'ok' | 'eof' | 'blocked' | Errno}`;

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

/** A true exception of one language, as client or as server, with its reason. */
export type Difference = {
  readonly client?: string;
  readonly server?: string;
  readonly because: string;
  /** An https address that shows the cause: a line of source at a tag, documentation, a bug, an RFC. */
  readonly link: string;
  readonly expect: Expected;
};

/** One way in which a TCP connection ends. */
export type Story = {
  /** What happens, one sentence. */
  readonly title: string;
  /** Why it ends so, one sentence; stands beside the deciding segment in the report. */
  readonly why: string;
  readonly topology: TopologyName;
  readonly server: ServerOfLab;
  readonly client: ClientOfLab;
  readonly sysctls?: Readonly<Partial<Record<HostName, Sysctls>>>;
  readonly needs?: readonly Need[];
  /** Topology `proxied`: after how long HAProxy closes an idle connection, in milliseconds. */
  readonly balancer?: { readonly idleMs: number };
  /** What is done before the programs start. */
  readonly prepare?: Scene;
  /** What is done when the server listens, before the client starts. */
  readonly ready?: Scene;
  /** What is done to the connection, where the programs' own behaviour is not all. */
  readonly fault?: Scene;
  readonly expect: Expected;
  /** The first that fits a cell's languages replaces `expect`. */
  readonly differs?: readonly Difference[];
};

/**
 * A lab: a story; or what its variants have in common, each of which says the rest. Its cures tell it once
 * more with another end; what a cure does not say is as in the lab, or in the variant that it is `of`.
 */
export type Lab = Partial<Story> & {
  readonly title: string;
  readonly causes: readonly Cause[];
  readonly variants?: Readonly<Record<string, Partial<Story>>>;
  readonly cures?: Readonly<Record<string, Partial<Story> & { readonly of?: string }>>;
};

/** One story of a lab, whole, with the names under which a person finds it. */
export type NamedLab = Story & {
  /** `04` */
  readonly number: string;
  /** `crash-server` */
  readonly name: string;
  /** The lab's own title; `title` is its story's. */
  readonly headline: string;
  readonly causes: readonly Cause[];
  /** Null where the lab has one story only. */
  readonly variant: string | null;
  /** Null in a lab's plain story. */
  readonly cure: string | null;
};

/** Declares a lab; `labs/<number>-<name>/lab.ts` exports it by default. Only there for the types. */
export function lab(definition: Lab): Lab {
  return definition;
}
