import type { Network as DockerNetwork } from 'dockerode';
import { until } from '../../deadline.ts';
import { EnvironmentError } from '../../user-error.ts';
import type { Network } from './compose-schema.ts';
import { networkOptions } from './create-options.ts';
import { type Docker, requestDeadline } from './docker-client.ts';
import { refusalOf, statusOf } from './refusal.ts';
import { chooseSubnet, type Subnets, subnetsOf } from './subnet.ts';

/** Runs that start at the same moment may choose the same subnet; so often in a row, hardly. */
const ATTEMPTS = 20;

/** A network that was made, and the subnets that it got. */
export type MadeNetwork = { readonly network: DockerNetwork; readonly subnets: Subnets };

/**
 * Makes a network with a subnet that no other network of the engine has.
 *
 * @throws EnvironmentError where the name is taken or no subnet is left
 */
export async function createNetwork(
  docker: Docker,
  network: Network,
  place: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): Promise<MadeNetwork> {
  let refusal: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const subnet = chooseSubnet(await takenSubnets(docker));
    if (subnet === undefined) break;
    try {
      const subnets = subnetsOf(subnet);
      const options = networkOptions(network, { ...place, subnets });
      const made = await docker.createNetwork({ ...options, ...requestDeadline() });
      return { network: made, subnets };
    } catch (error) {
      if (statusOf(error) === 409) throw nameTaken(place.name);
      if (!/overlap/i.test(refusalOf(error))) {
        throw new EnvironmentError(`Docker cannot make a network: ${refusalOf(error)}`);
      }
      refusal = error;
    }
  }
  const why = refusal === undefined ? 'all are taken' : refusalOf(refusal);
  throw new EnvironmentError(
    `Docker has no subnet left for a network of the labs (${why}). See what is there: docker network ls. Remove what nobody uses: docker network prune`,
  );
}

/** Resolves when the network is gone, also if somebody else removed it. */
export async function removeNetwork(network: DockerNetwork): Promise<void> {
  await until(`the removal of network ${network.id.slice(0, 12)}`, async () => {
    try {
      await network.remove(requestDeadline());
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return true;
      // Still in use, or being removed: containers that end by themselves let go of it a little later.
      if (status === 403 || status === 409) return undefined;
      throw error;
    }
  });
}

async function takenSubnets(docker: Docker): Promise<string[]> {
  const networks = await docker.listNetworks(requestDeadline());
  return networks.flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet])),
  );
}

function nameTaken(name: string): EnvironmentError {
  return new EnvironmentError(
    `A network named ${name} is already there: another run has the same name. Take it away: docker network rm ${name}`,
  );
}
