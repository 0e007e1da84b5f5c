import type { NamedLanguage } from '../../catalog/language.ts';
import { type HostName, needsAdministrator } from '../../catalog/topology.ts';
import { messageOf } from '../../user-error.ts';
import { Agent } from '../agent/agent.ts';
import { HostError } from '../agent/host-error.ts';
import type { Host, TopologySpec } from '../engine.ts';
import type { Service } from './compose-schema.ts';
import { cutCable, forgetAll, mendCable } from './reboot.ts';
import { settle } from './settle.ts';
import type { Stack } from './stack.ts';

/** A language and the image on which its programs run. */
export type Runtime = { readonly language: NamedLanguage; readonly image: string };

/**
 * A host: a container that has the network stack, and those of languages that have joined it. All of them are
 * others after a reboot.
 */
export class DockerHost implements Host {
  readonly name: HostName;
  address = '';
  readonly #stack: Stack;
  readonly #programsService: Service | undefined;
  readonly #isAdministered: boolean;
  #agent: Agent | undefined;
  #runtime: Runtime | undefined;
  #joined = new Map<string, Agent>();

  /** @param programsService for the programs of a language; undefined where none run */
  constructor(
    name: HostName,
    stack: Stack,
    { needs }: TopologySpec,
    programsService: Service | undefined,
  ) {
    this.name = name;
    this.#stack = stack;
    this.#programsService = programsService;
    this.#isAdministered = needsAdministrator(needs);
  }

  get agent(): Agent {
    if (!this.#agent) throw new Error(`the host ${this.name} is not there`);
    return this.#agent;
  }

  get administrator(): Agent {
    if (this.#isAdministered) return this.agent;
    throw new Error(`the host ${this.name} was made without an administrator: state needs`);
  }

  get programs(): Agent {
    const agent = this.#runtime && this.#joined.get(serviceOf(this.name, this.#runtime.language));
    if (!agent) throw new Error(`no language's programs are on the host ${this.name}`);
    return agent;
  }

  /** Makes it. */
  async start(): Promise<void> {
    this.#agent = await agentOf(this.#stack, this.name);
  }

  /** Lets the programs of a language run on it. May be called while it is being made. */
  async admit(runtime: Runtime): Promise<void> {
    const service = serviceOf(this.name, runtime.language);
    if (!this.#joined.has(service)) {
      if (!this.#programsService) throw new Error(`no programs run on the host ${this.name}`);
      this.#stack.add(service, { ...this.#programsService, image: runtime.image });
      this.#joined.set(service, await agentOf(this.#stack, service));
    }
    this.#runtime = runtime;
  }

  /**
   * Does to it what a power cut does: its programs are lost, its kernel forgets all connections, and nothing
   * that is sent meanwhile reaches anybody.
   *
   * @returns the lines of its counters from then on; undefined where its kernel cannot forget: to make the host
   *   again takes ten times as long
   */
  async forget(): Promise<readonly string[] | undefined> {
    const { agent } = this;
    const service = this.#runtime && serviceOf(this.name, this.#runtime.language);
    try {
      await cutCable(agent);
      this.#agent = agent.reboot();
      const programs = service === undefined ? undefined : this.#joined.get(service)?.reboot();
      if (service !== undefined && programs) this.#joined.set(service, programs);
      await settle([this.#agent, ...(programs ? [programs] : [])].map(({ ready }) => ready));
      const counters = await forgetAll(this.#agent);
      if (counters) await mendCable(this.#agent);
      return counters;
    } catch (error) {
      // A command that fails is what some kernels have not; a host that is gone is gone.
      if (error instanceof HostError) throw error;
      return undefined;
    }
  }

  /** Takes it away as a power cut does, and makes it again, for the language that it had last. */
  async remake(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    this.#joined = new Map();
    await this.#stack.remove(this.name);
    await settle([this.start(), ...(runtime ? [this.admit(runtime)] : [])]);
  }
}

/** A good name for a container: `client-java-25`. */
function serviceOf(host: HostName, { runtime }: NamedLanguage): string {
  return `${host}-${runtime.replace('@', '-')}`;
}

/** Makes a service's container, starts it and waits for its agent. */
async function agentOf(stack: Stack, service: string): Promise<Agent> {
  const container = await stack.create(service);
  await stack.start(service);
  // Only now, when it runs: a busy engine may take longer to start a container than an agent may take to answer.
  // What it has said meanwhile waits in the stream.
  const agent = new Agent(service, container);
  await agent.ready.catch((error) => {
    throw new Error(`${messageOf(error)}: ${container.said() || 'no message'}`);
  });
  return agent;
}
