import type { Network as DockerNetwork } from 'dockerode';
import { joinedService, startsAfter } from './compose.ts';
import type { Compose, Service } from './compose-schema.ts';
import { type Container, createContainer } from './container.ts';
import { containerOptions } from './create-options.ts';
import type { Docker } from './docker-client.ts';
import { createNetwork, removeNetwork } from './network.ts';
import { OnceEach, settle } from './settle.ts';

/** Where a stack's things are found: all their names begin with `name-`. */
export type StackPlace = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** The containers and networks of one compose file, and how far their making has come. */
export class Stack {
  readonly #docker: Docker;
  readonly #compose: Compose;
  readonly #place: StackPlace;
  readonly #networks = new OnceEach<DockerNetwork>();
  readonly #created = new OnceEach<Container>();
  readonly #started = new OnceEach<void>();
  #closed: Promise<void> | undefined;

  constructor(docker: Docker, compose: Compose, place: StackPlace) {
    this.#docker = docker;
    this.#compose = compose;
    this.#place = place;
  }

  /** Makes networks and containers: all at once, except where one needs another. */
  async create(): Promise<ReadonlyMap<string, Container>> {
    const names = Object.keys(this.#compose.services);
    const containers = await settle(names.map((name) => this.#create(name)));
    return new Map(containers.map((container, index) => [names[index] as string, container]));
  }

  /** Starts the containers: all at once, except where one must wait for another. */
  async start(): Promise<void> {
    await settle(Object.keys(this.#compose.services).map((name) => this.#start(name)));
  }

  /** The IPv4 address of a started service. */
  async address(name: string): Promise<string> {
    const { id } = await this.#create(name);
    const { NetworkSettings } = await this.#docker.getContainer(id).inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    if (!network?.IPAddress) throw new Error(`the container of service ${name} has no address`);
    return network.IPAddress;
  }

  /** Takes everything away, also what is being made at this moment. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#started.all();
    const containers = await this.#created.all();
    const networks = await this.#networks.all();
    await settle(containers.map((container) => container.remove()));
    await settle(networks.map(removeNetwork));
  }

  #network(name: string): Promise<DockerNetwork> {
    return this.#networks.get(name, () => {
      const place = { name: this.#named(name), labels: this.#place.labels };
      return createNetwork(this.#docker, this.#compose.networks[name] ?? {}, place);
    });
  }

  #create(name: string): Promise<Container> {
    return this.#created.get(name, async () => {
      const service = this.#service(name);
      return createContainer(this.#docker, {
        ...containerOptions(service, {
          service: name,
          networkMode: await this.#networkMode(service),
          labels: this.#place.labels,
        }),
        name: this.#named(name),
      });
    });
  }

  #start(name: string): Promise<void> {
    return this.#started.get(name, async () => {
      const before = startsAfter(this.#service(name)).map((other) => this.#start(other));
      const [container] = await Promise.all([this.#create(name), ...before]);
      await container.start();
    });
  }

  async #networkMode(service: Service): Promise<string> {
    const joined = joinedService(service);
    if (joined !== undefined) return `container:${(await this.#create(joined)).id}`;
    const [network] = service.networks ?? [];
    if (network === undefined) return 'none';
    await this.#network(network);
    return this.#named(network);
  }

  #service(name: string): Service {
    const service = this.#compose.services[name];
    if (service === undefined) throw new Error(`the compose file has no service ${name}`);
    return service;
  }

  #named(name: string): string {
    return `${this.#place.name}-${name}`;
  }
}
