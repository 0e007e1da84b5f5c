import { availableParallelism } from 'node:os';
import { commandOf } from '../../catalog/lacks.ts';
import type { NamedLanguage } from '../../catalog/language.ts';
import { Limit } from '../../limit.ts';
import { thisOwner } from '../../owner.ts';
import { EnvironmentError } from '../../user-error.ts';
import { ClosedError } from '../closed-error.ts';
import type { Engine, EngineOptions, Topology } from '../engine.ts';
import { isUnavailable } from '../unavailable.ts';
import { connectDocker } from './docker-client.ts';
import { languageRecipe, missingImage, TOOLS_RECIPE } from './image-recipe.ts';
import { Images } from './images.ts';
import { LABEL, ownerLabel } from './owner.ts';
import { engineProcessors } from './processors.ts';
import { OnceEach, settle } from './settle.ts';
import { sweep } from './sweep.ts';
import { keysOf } from './topology-keys.ts';
import type { Trace } from './trace.ts';

/**
 * How many processors Docker uses to make a topology, which takes them 2 to 3 s on a slow machine. More at once are
 * not ready sooner, for each waits for the others: of six on two processors, one by one, the first is ready after 3 s
 * and the last after some 16; together all are after 13 to 16 s.
 */
const PROCESSORS_OF_ONE = 2;

/**
 * The engine that makes hosts of containers, see docker/*.compose.yaml. The containers may run on another
 * machine, whose clock, kernel and processors are others: nothing is shared with it but Docker's API.
 *
 * @throws EnvironmentError where Docker does not answer
 */
export async function openDockerEngine(options: EngineOptions): Promise<Engine> {
  const [{ docker, version }, owner] = await Promise.all([connectDocker(), thisOwner()]);
  // Nothing that is made now can meet what dead runs left, so nobody waits for it before the end.
  const swept = sweep(docker, owner);
  swept.catch(() => {});
  const labels = { [LABEL.run]: options.runId, [LABEL.owner]: ownerLabel(owner) };
  const name = `reset-labs-${options.runId}`;
  const closing = new AbortController();
  const images = new Images(docker, options.progress, closing.signal);
  const imageOf = (language: NamedLanguage) => images.ensure(languageRecipe(language));
  const topologies = new OnceEach<Topology>();
  const traces = new OnceEach<Trace>();
  const processors = engineProcessors(docker).then((found) => {
    if (!isUnavailable(found)) return found;
    options.progress(`${found.unavailable}: segments can overtake each other there`);
    return [];
  });
  const count = async () => (await processors).length || availableParallelism();
  const turns = count().then((all) => new Limit(Math.max(1, Math.floor(all / PROCESSORS_OF_ONE))));
  turns.catch(() => {});
  let made = 0;

  return {
    name: 'docker',
    ...version,
    async prepare(language) {
      const missing = await missingImage(language);
      if (missing) return missing;
      await settle([imageOf(language), images.ensure(TOOLS_RECIPE)]);
      return undefined;
    },
    installed: (language, program) => ({
      folder: '/opt/programs',
      command: commandOf(language, program),
    }),
    processors: count,
    // All that labs need is in the images.
    lacks: async () => undefined,
    tool: (file) => `/opt/lab/${file}`,
    keys: keysOf,
    async make(spec) {
      if (closing.signal.aborted) throw new ClosedError();
      const number = ++made;
      const place = { name: `${name}-${number}`, labels };
      return await topologies.get(place.name, async () => {
        const languages = Object.values(spec.languages);
        const [tools = ''] = await settle([images.ensure(TOOLS_RECIPE), ...languages.map(imageOf)]);
        const numbers = await processors;
        const cpuset = numbers[number % numbers.length]?.toString();
        const means = { tools, imageOf, capture: options.capture, cpuset };
        // What reads compose files is loaded while the engine's first answers are on their way.
        const { makeHosts } = await import('./hosts.ts');
        const turn = await turns;
        const topology = await turn.run(() => makeHosts(docker, place, spec, means));
        return {
          ...topology,
          admit: (others) => turn.run(() => topology.admit(others)),
          close: () => turn.run(() => topology.close()),
        };
      });
    },
    async trace() {
      if (closing.signal.aborted) throw new ClosedError();
      const { tracer } = await traces.get('trace', async () => {
        const toolsImage = await images.ensure(TOOLS_RECIPE);
        const instance = `reset-labs.${options.runId}`;
        const { openTrace } = await import('./trace.ts');
        return openTrace(docker, { name, labels }, { instance, toolsImage });
      });
      return tracer;
    },
    async lost() {
      const ask = () =>
        connectDocker().then(
          () => undefined,
          (error) => (error instanceof EnvironmentError ? error : undefined),
        );
      // Once more: an engine that ends may cut the first question off.
      return (await ask()) && (await ask());
    },
    async close() {
      closing.abort();
      const open = [...(await topologies.all()), ...(await traces.all())];
      await settle([swept, ...open.map((thing) => thing.close())]);
      await images.discard();
    },
  };
}
