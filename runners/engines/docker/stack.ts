import { joinedService, startsAfter } from './compose.ts';
import type { Compose, Service } from './compose-schema.ts';
import { type Container, createContainer } from './container.ts';
import { containerOptions, endpointOptions } from './create-options.ts';
import { type Docker, requestDeadline } from './docker-client.ts';
import { createNetwork, type MadeNetwork, removeNetwork } from './network.ts';
import { OnceEach, settle } from './settle.ts';
import { type Addresses, gatewayAddresses, hostAddresses } from './subnet.ts';

/** Where a stack's things are found: all their names begin with `name-`. */
export type StackPlace = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** The containers and networks of one compose file, and how far their making has come. */
export class Stack {
  readonly #docker: Docker;
  readonly #services: Record<string, Service>;
  readonly #networksOfFile: Compose['networks'];
  readonly #place: StackPlace;
  readonly #networks = new OnceEach<MadeNetwork>();
  readonly #created = new OnceEach<Container>();
  readonly #started = new OnceEach<void>();
  #closed: Promise<void> | undefined;

  constructor(docker: Docker, { services, networks }: Compose, place: StackPlace) {
    this.#docker = docker;
    this.#services = { ...services };
    this.#networksOfFile = networks;
    this.#place = place;
  }

  /** Adds a service that shares another's network stack. When that one is removed, it is no more. */
  add(name: string, service: Service): void {
    if (joinedService(service) === undefined) throw new Error(`${name} joins no service`);
    this.#services[name] = service;
  }

  /** Makes a service's container, and what that needs, where they are not there. */
  create(name: string): Promise<Container> {
    return this.#created.get(name, async () => {
      // Nobody would take it away again.
      this.#assertOpen();
      const service = this.#service(name);
      const [network, ...others] = service.networks ?? [];
      const made = await settle(
        [...(network ? [network] : []), ...others].map((n) => this.#network(n)),
      );
      const container = await createContainer(this.#docker, {
        ...containerOptions(service, {
          service: name,
          networkMode: await this.#networkMode(service),
          ...(network && { addresses: await this.addresses(name, network) }),
          labels: this.#place.labels,
        }),
        name: this.#named(name),
      });
      try {
        // Engines before 25 take one network when a container is made.
        for (const [index, other] of others.entries()) {
          const EndpointConfig = endpointOptions(name, await this.addresses(name, other));
          const options = { Container: container.id, EndpointConfig, ...requestDeadline() };
          await made[index + 1]?.network.connect(options);
        }
      } catch (error) {
        await container.remove();
        throw error;
      }
      return container;
    });
  }

  /** Starts a service's container, where it does not run, after those for which it must wait. */
  start(name: string): Promise<void> {
    return this.#started.get(name, async () => {
      const before = startsAfter(this.#service(name)).map((other) => this.start(other));
      const [container] = await Promise.all([this.create(name), ...before]);
      await container.start();
    });
  }

  /** The networks of a service, the first one first. */
  networksOf(name: string): readonly string[] {
    return this.#service(name).networks ?? [];
  }

  /** A service's addresses on one of its networks. */
  async addresses(name: string, network: string): Promise<Addresses> {
    const { subnets } = await this.#network(network);
    const here = Object.keys(this.#services).filter((other) =>
      this.#service(other).networks?.includes(network),
    );
    return this.#versions(network, hostAddresses(subnets.ipv4, here.indexOf(name)));
  }

  /** The addresses that Docker's machine has on a network, or would have. */
  async gateway(network: string): Promise<Addresses> {
    const { subnets } = await this.#network(network);
    return this.#versions(network, gatewayAddresses(subnets.ipv4));
  }

  /**
   * Takes a service's container away, and those that share its network stack. Whatever they still send
   * reaches nobody: its networks are disconnected first. `create` and `start` make it again, with the same
   * names and addresses, but none of those that had joined.
   */
  async remove(name: string): Promise<void> {
    this.#assertOpen();
    const joined = Object.keys(this.#services).filter(
      (other) => joinedService(this.#service(other)) === name,
    );
    const names = [name, ...joined];
    const containers = await settle(names.map((other) => this.create(other)));
    const { id } = containers[0] as Container;
    await settle(
      this.networksOf(name).map(async (network) => {
        const made = await this.#network(network);
        await made.network.disconnect({ Container: id, Force: true, ...requestDeadline() });
      }),
    );
    await settle(containers.map((container) => container.remove()));
    for (const other of names) {
      this.#created.forget(other);
      this.#started.forget(other);
    }
    for (const other of joined) delete this.#services[other];
  }

  /** Takes everything away, also what is being made at this moment. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('the hosts are being taken away: none is made again');
  }

  async #close(): Promise<void> {
    await this.#started.all();
    const containers = await this.#created.all();
    const networks = await this.#networks.all();
    await settle(containers.map((container) => container.remove()));
    await settle(networks.map(({ network }) => removeNetwork(network)));
  }

  #network(name: string): Promise<MadeNetwork> {
    return this.#networks.get(name, () => {
      const place = { name: this.#named(name), labels: this.#place.labels };
      return createNetwork(this.#docker, this.#networksOfFile[name] ?? {}, place);
    });
  }

  async #networkMode(service: Service): Promise<string> {
    const joined = joinedService(service);
    if (joined !== undefined) return `container:${(await this.create(joined)).id}`;
    const [network] = service.networks ?? [];
    return network === undefined ? 'none' : this.#named(network);
  }

  #versions(network: string, { ipv4, ipv6 }: Required<Addresses>): Addresses {
    return this.#networksOfFile[network]?.enable_ipv6 ? { ipv4, ipv6 } : { ipv4 };
  }

  #service(name: string): Service {
    const service = this.#services[name];
    if (service === undefined) throw new Error(`the compose file has no service ${name}`);
    return service;
  }

  #named(name: string): string {
    return `${this.#place.name}-${name}`;
  }
}
