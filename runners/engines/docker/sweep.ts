import { isAlive, type Owner } from '../../owner.ts';
import { removeContainer } from './container.ts';
import { type Docker, requestDeadline } from './docker-client.ts';
import { removeNetwork } from './network.ts';
import { LABEL, readOwner } from './owner.ts';
import { settle } from './settle.ts';

/** A container or a network that some run made. */
export type Resource = {
  readonly kind: 'container' | 'network';
  readonly id: string;
  readonly run: string;
  /** Undefined where the label is not of our making. */
  readonly owner: Owner | undefined;
  readonly running: boolean;
  readonly createdMs: number;
};

/** Another machine's run that shows no life for so long has ended. */
const FOREIGN_AGE_MS = 10 * 60_000;

/** Removes what dead runs left behind, whoever started them; never what a live run uses. */
export async function sweep(docker: Docker, self: Owner): Promise<void> {
  const resources = await findResources(docker);
  if (resources.length === 0) return;
  const here = resources.flatMap(({ owner }) => (owner?.machine === self.machine ? [owner] : []));
  const alive = await Promise.all(
    here.map(async (owner) => ((await isAlive(owner)) ? [owner] : [])),
  );
  const leftovers = leftoversOf(resources, {
    machine: self.machine,
    alive: alive.flat(),
    nowMs: await engineTimeMs(docker),
  });
  const remove = (kind: Resource['kind'], take: (id: string) => Promise<void>) =>
    settle(leftovers.filter((left) => left.kind === kind).map(({ id }) => take(id)));
  await remove('container', (id) => removeContainer(docker.getContainer(id)));
  await remove('network', (id) => removeNetwork(docker.getNetwork(id)));
}

/** By the engine's clock, as the times at which it made things. Its machine may be another. */
async function engineTimeMs(docker: Docker): Promise<number> {
  const { SystemTime } = (await docker.info()) as { SystemTime: string };
  return Date.parse(SystemTime);
}

/**
 * Tells which resources belong to runs that have ended: on this machine those whose process has; of other
 * machines, whose processes nobody can see from here, those where nothing runs and nothing is young.
 */
export function leftoversOf(
  resources: readonly Resource[],
  { machine, alive, nowMs }: { machine: string; alive: readonly Owner[]; nowMs: number },
): Resource[] {
  const isLive = (owner: Owner) =>
    alive.some(({ pid, started }) => pid === owner.pid && started === owner.started);
  return resources.filter(({ run, owner }) => {
    if (owner?.machine === machine) return !isLive(owner);
    const ofRun = resources.filter((other) => other.run === run);
    return ofRun.every(({ running, createdMs }) => !running && nowMs - createdMs > FOREIGN_AGE_MS);
  });
}

/** All that any run has in the engine. */
export async function findResources(docker: Docker): Promise<Resource[]> {
  const filters = { label: [LABEL.run] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters, ...requestDeadline() }),
    docker.listNetworks({ filters, ...requestDeadline() }),
  ]);
  return [
    ...containers.map(({ Id, Labels, State, Created }) => ({
      kind: 'container' as const,
      running: ['running', 'paused', 'restarting'].includes(State),
      createdMs: Created * 1000,
      ...labelled(Id, Labels),
    })),
    ...networks.map(({ Id, Labels, Created }) => ({
      kind: 'network' as const,
      running: false,
      createdMs: Date.parse(Created),
      ...labelled(Id, Labels),
    })),
  ];
}

function labelled(id: string, labels: Readonly<Record<string, string>> | undefined) {
  return { id, run: labels?.[LABEL.run] ?? '', owner: readOwner(labels?.[LABEL.owner]) };
}
