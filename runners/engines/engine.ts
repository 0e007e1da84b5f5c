import type { NamedLanguage } from '../catalog/language.ts';
import type { ProgramName } from '../catalog/programs.ts';
import type { HostName, Need, Sysctls, TopologyName } from '../catalog/topology.ts';
import type { EnvironmentError } from '../user-error.ts';
import type { Agent } from './agent/agent.ts';
import type { Capture } from './capture.ts';
import type { Tracer } from './tracer.ts';
import type { Unavailable } from './unavailable.ts';

export const ENGINE_NAMES = ['local', 'docker'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const ROLES = ['client', 'server'] as const;
/** The hosts on which example programs run. */
export type Role = (typeof ROLES)[number];

/** One network stack on which programs run: a container or a network namespace. */
export type Host = {
  readonly name: HostName;
  /** Tells what the host's kernel shows, and runs tools. Another one after a reboot of the host. */
  readonly agent: Agent;
  /**
   * Starts the programs of the language that the host has admitted last. In the same network stack, but it
   * may be in another container: it sees other processes and files. Another one after a reboot.
   *
   * @throws Error on a host that has admitted none
   */
  readonly programs: Agent;
  /**
   * An agent that may change the network stack: firewall, sockets, raw sockets.
   *
   * @throws Error where the topology was made without a need of one (`needsAdministrator`)
   */
  readonly administrator: Agent;
  /** Its address, of the topology's IP version, on the client's side where it has two. */
  readonly address: string;
};

/** The languages of the programs that are to run on hosts; none where no program will. */
export type RoleLanguages = Readonly<Partial<Record<Role, NamedLanguage>>>;

/** What a topology is to be like. */
export type TopologySpec = {
  readonly kind: TopologyName;
  /** What the hosts admit at first. */
  readonly languages: RoleLanguages;
  readonly ip: 4 | 6;
  /** Set before any program starts, and again after a reboot. */
  readonly sysctls: Readonly<Partial<Record<HostName, Sysctls>>>;
  /** Without one that needs an administrator, the hosts have none. */
  readonly needs: readonly Need[];
};

/** Hosts and their links, made and ready. */
export type Topology = {
  readonly hosts: Readonly<Record<Role, Host> & Partial<Record<HostName, Host>>>;
  /** What passes the client's end of its link. */
  readonly capture: Capture | Unavailable;
  /** Lets the programs of other languages run on the hosts from now on. */
  admit(languages: RoleLanguages): Promise<void>;
  /**
   * Takes the server's host away as a power cut does, so that no segment of its end reaches anybody, and
   * makes it again with the same addresses. Its programs are lost; its kernel knows no connection.
   *
   * @returns the lines of the counters from which its kernel goes on counting; none: it begins with zero
   */
  rebootServer(): Promise<readonly string[]>;
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
  /** How many processors run the hosts, as far as it is known: the engine may be on another machine. */
  processors(): Promise<number>;
  /** The reason and the mend where this engine cannot give what a lab needs. */
  lacks(need: Need): Promise<Unavailable | undefined>;
  /** How a program of a prepared language runs on this engine's hosts. */
  installed(language: NamedLanguage, program: ProgramName): Installed;
  /** Where a file of `runners/engines/tools/` is on the hosts of administrators. */
  tool(file: string): string;
  /** Makes hosts and links; waits for what is still being prepared. */
  make(spec: TopologySpec): Promise<Topology>;
  /**
   * Topologies whose first keys are equal can stand in for one another; those whose second keys are equal,
   * too, admit the same languages.
   */
  keys(spec: TopologySpec): readonly [hosts: string, programs: string];
  /** Follows the resets of the engine's kernel. */
  trace(): Promise<Tracer | Unavailable>;
  /** Asks whether the engine is still there; if not, why, for whoever has met an error. */
  lost(): Promise<EnvironmentError | undefined>;
  /** Takes away all that the engine made in this process; it makes nothing any more. */
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
