import type { Difference } from './difference.ts';
import type { Expected } from './expectation.ts';
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
  /** Other ways in which it may end, by name: a language whose programs end so says which, and why. */
  readonly ways?: Readonly<Record<string, Expected>>;
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
  /** The first that fits a cell's languages replaces `expect`. */
  readonly differs?: readonly Difference[];
};

/** Declares a lab; `labs/<number>-<name>/lab.ts` exports it by default. Only there for the types. */
export function lab(definition: Lab): Lab {
  return definition;
}
