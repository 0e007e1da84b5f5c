import type { NamedLanguage, ProgramName } from '../catalog/language.ts';
import type { Agent } from './agent/agent.ts';
import type { Capture } from './capture.ts';
import type { Tracer } from './tracer.ts';
import type { Unavailable } from './unavailable.ts';

export const ENGINE_NAMES = ['local', 'docker'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const ROLES = ['client', 'server'] as const;
export type Role = (typeof ROLES)[number];

/** One network stack on which programs run: a container or a network namespace. */
export type Host = {
  readonly role: Role;
  readonly agent: Agent;
  /** Its IPv4 address on the link. */
  readonly address: string;
};

/** Hosts and their links, made and ready. */
export type Topology = {
  readonly hosts: Readonly<Record<Role, Host>>;
  /** What passes the client's end of the link. */
  readonly capture: Capture | Unavailable;
  /** Ends all programs and takes the hosts away. May be called twice. */
  close(): Promise<void>;
};

/** Where a program is on a host, and its command. */
export type Installed = { readonly folder: string; readonly command: readonly string[] };

/** Makes hosts. Knows nothing of labs. */
export type Engine = {
  readonly name: EngineName;
  /** Engine and version, for a person: `docker 28.2`. */
  readonly title: string;
  /** The release of the kernel on which the hosts run, `6.18.44`. */
  readonly kernel: string;
  /**
   * Makes a language's programs ready to be installed on hosts: compiles, builds images.
   *
   * @returns the reason and the mend where the machine lacks something for this language
   * @throws EnvironmentError where nothing can run at all
   */
  prepare(language: NamedLanguage): Promise<Unavailable | undefined>;
  /** How a program of a prepared language runs on this engine's hosts. */
  installed(language: NamedLanguage, program: ProgramName): Installed;
  /** Makes a client and a server, joined by one link; waits for what is still being prepared. */
  direct(languages: Readonly<Record<Role, NamedLanguage>>): Promise<Topology>;
  /** Topologies of equal keys can stand in for one another. */
  directKey(languages: Readonly<Record<Role, NamedLanguage>>): string;
  /** Follows the resets of the engine's kernel. */
  trace(): Promise<Tracer | Unavailable>;
  /** Takes away all that the engine made in this process. */
  close(): Promise<void>;
};

export type EngineOptions = {
  /** Names all that this run makes, so that leftovers can be found. */
  readonly runId: string;
  /** Without: no packets are captured. */
  readonly capture: boolean;
  /** Tells a person what takes long. */
  readonly progress: (text: string) => void;
};
