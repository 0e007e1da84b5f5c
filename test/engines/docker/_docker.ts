import type { ExecutionContext } from 'ava';
import type { NamedLanguage } from '../../../runners/catalog/language.ts';
import { loadLanguages } from '../../../runners/catalog/load.ts';
import { until } from '../../../runners/deadline.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { openDockerEngine } from '../../../runners/engines/docker/docker-engine.ts';
import { buildImages } from '../../../runners/engines/docker/images.ts';
import { LABEL } from '../../../runners/engines/docker/owner.ts';
import type { Engine, TopologySpec } from '../../../runners/engines/engine.ts';

let runs = 0;

/** A run's name that no other test has. */
export function newRunId(): string {
  runs += 1;
  return `test-${process.pid}-${runs}`;
}

export async function python(): Promise<NamedLanguage> {
  const [language] = await loadLanguages(['python'], '--client');
  if (language === undefined) throw new Error('there are no programs in Python');
  return language;
}

/** A specification with the same language on both sides; by default of the plainest topology. */
export function specOf(
  language: NamedLanguage,
  rest: Partial<Omit<TopologySpec, 'languages'>> = {},
): TopologySpec {
  const languages = { client: language, server: language };
  return { kind: 'direct', languages, ip: 4, sysctls: {}, needs: [], ...rest };
}

let built: Promise<unknown> | undefined;

/** Lets a test use an engine of its own, and sees that it leaves nothing behind. */
export async function withEngine(
  t: ExecutionContext,
  use: (engine: Engine, language: NamedLanguage, runId: string) => Promise<void>,
  { capture = true } = {},
): Promise<void> {
  const runId = newRunId();
  const language = await python();
  // Once, however many engines begin at the same time.
  built ??= buildImages([language], (text) => t.log(text));
  await built;
  const engine = await openDockerEngine({ runId, capture, progress: (text) => t.log(text) });
  try {
    t.is(await engine.prepare(language), undefined);
    await use(engine, language, runId);
  } finally {
    await engine.close();
  }
  t.deepEqual(await madeBy(runId), []);
}

/** The names of all containers and networks that a run has. */
export async function madeBy(runId: string): Promise<string[]> {
  const { docker } = await connectDocker();
  const filters = { label: [`${LABEL.run}=${runId}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  return [
    ...containers.map(({ Names }) => Names.join()),
    ...networks.map(({ Name }) => Name),
  ].sort();
}

/** Waits until no container of a run is left. Its network may be: others that start may have swept it. */
export async function untilNoContainer(runId: string): Promise<void> {
  const containers = async () => (await madeBy(runId)).filter((name) => name.startsWith('/'));
  await until(
    `the end of all containers of ${runId}`,
    async () => ((await containers()).length === 0 ? true : undefined),
    { instead: async () => (await containers()).join(', ') },
  );
}
