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
 * How many topologies are made or removed at the same time. Docker takes about 0.3 s of two processors for
 * each; more at once are not ready sooner, but each of them waits longer, up to its deadline.
 */
const AT_ONCE = 8;

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
  const turns = new Limit(AT_ONCE);
  const processors = engineProcessors(docker).then((found) => {
    if (!isUnavailable(found)) return found;
    options.progress(`${found.unavailable}: segments can overtake each other there`);
    return [];
  });
  processors.catch(() => {});
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
    processors: async () => (await processors).length || availableParallelism(),
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
        const topology = await turns.run(() => makeHosts(docker, place, spec, means));
        return {
          ...topology,
          admit: (others) => turns.run(() => topology.admit(others)),
          close: () => turns.run(() => topology.close()),
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
