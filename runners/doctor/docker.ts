import type { NamedLanguage } from '../catalog/language.ts';
import type { Docker } from '../engines/docker/docker-client.ts';
import type { Recipe } from '../engines/docker/image-recipe.ts';
import type { Engine } from '../engines/engine.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { messageOf } from '../user-error.ts';
import {
  type Check,
  demote,
  type EngineChecks,
  guarded,
  missing,
  ok,
  optional,
  split,
} from './check.ts';
import { tryHosts } from './hosts.ts';

/**
 * What the docker engine can do from this machine. No image is built to know it.
 *
 * @param languages those without which it is not ready
 */
export async function dockerChecks(
  languages: readonly NamedLanguage[],
  others: readonly NamedLanguage[] = [],
): Promise<EngineChecks> {
  const [{ engineAddress }, { connectDocker }] = await Promise.all([
    import('../engines/docker/engine-address.ts'),
    import('../engines/docker/docker-client.ts'),
  ]);
  let api: Check;
  let docker: Docker;
  try {
    const address = await engineAddress();
    if (isUnavailable(address)) throw new Error(address.unavailable);
    const connected = await connectDocker(3_000);
    docker = connected.docker;
    api = ok('docker API', `${connected.version.title}, at ${address.text}`);
  } catch (error) {
    const { detail, mend } = split(messageOf(error));
    return { ready: false, checks: [missing('docker API', detail, mend)] };
  }
  const images = await guarded('docker images', () => imagesCheck(docker, languages));
  const further = await Promise.all(others.map((one) => furtherImage(docker, one)));
  const base = await guarded('docker base image', () => baseCheck(docker, images.status === 'ok'));
  if (images.status !== 'ok') return { ready: false, checks: [api, base, images, ...further] };
  const hosts = await hostsChecks(languages);
  const versions = await guarded('docker versions', () => versionsCheck(docker, languages));
  return {
    // Labs run without a capture and without the kernel's trace, if on less evidence.
    ready: hosts.some(({ name, status }) => name === 'docker hosts' && status === 'ok'),
    checks: [api, base, images, ...further, ...hosts, versions],
  };
}

/** The image of a language that labs run in when it is asked for. */
async function furtherImage(docker: Docker, language: NamedLanguage): Promise<Check> {
  const name = `docker ${language.name}`;
  const { languageRecipe, missingImage, tagOf } = await import('../engines/docker/image-recipe.ts');
  return demote(
    await guarded(name, async () => {
      const problem = await missingImage(language);
      if (problem !== undefined) return missing(name, problem.unavailable, null);
      const tag = await tagOf(languageRecipe(language));
      if (await hasImage(docker, tag)) return ok(name, tag);
      return missing(name, 'built when asked for', `npm run images -- ${language.name}`);
    }),
  );
}

async function imagesCheck(docker: Docker, languages: readonly NamedLanguage[]): Promise<Check> {
  const { languageRecipe, missingImage, TOOLS_RECIPE, tagOf } = await import(
    '../engines/docker/image-recipe.ts'
  );
  const name = 'docker images';
  const problem = (await Promise.all(languages.map(missingImage))).find(isUnavailable);
  if (problem !== undefined) return missing(name, problem.unavailable, null);
  const looked = await Promise.all(
    [...languages.map(languageRecipe), TOOLS_RECIPE].map(async (recipe: Recipe) => {
      const tag = await tagOf(recipe);
      return (await hasImage(docker, tag)) ? { tag } : { absent: tag };
    }),
  );
  const absent = looked.flatMap((one) => one.absent ?? []);
  const there = looked.flatMap((one) => one.tag ?? []);
  if (absent.length === 0) return ok(name, there.join(', '));
  const built = there.length > 0 ? `; built: ${there.join(', ')}` : '';
  return missing(name, `not built yet: ${absent.join(', ')}${built}`, 'npm run images');
}

/** The images of versions that are built when they are asked for. */
async function versionsCheck(docker: Docker, languages: readonly NamedLanguage[]): Promise<Check> {
  const { languageRecipe, tagOf } = await import('../engines/docker/image-recipe.ts');
  const name = 'docker versions';
  const looked = await Promise.all(
    versionsOf(languages).map(async (language) => {
      const isHere = await hasImage(docker, await tagOf(languageRecipe(language)));
      return { id: language.id, isHere };
    }),
  );
  const ids = (here: boolean) => looked.flatMap(({ id, isHere }) => (isHere === here ? id : []));
  const built = ids(true).join(', ') || 'none';
  const absent = ids(false);
  if (absent.length === 0) return ok(name, built);
  const detail = `${built}; built when asked for: ${absent.join(', ')}`;
  return optional(name, detail, `npm run images -- ${absent.join(' ')}`);
}

function versionsOf(languages: readonly NamedLanguage[]): NamedLanguage[] {
  return languages.flatMap((language) =>
    (language.versions ?? [])
      .filter(({ image }) => image === 'on request')
      .map((version) => ({ ...language, version, id: `${language.name}@${version.name}` })),
  );
}

async function baseCheck(docker: Docker, imagesAreThere: boolean): Promise<Check> {
  const { BASE_IMAGE } = await import('../engines/docker/image-recipe.ts');
  const name = 'docker base image';
  if (await hasImage(docker, BASE_IMAGE)) return ok(name, BASE_IMAGE);
  const when = imagesAreThere ? 'needed for the next build only; ' : '';
  const detail = `${BASE_IMAGE} is not there: ${when}it is pulled, or made without a registry`;
  return optional(name, detail, 'make base-image');
}

async function hostsChecks(languages: readonly NamedLanguage[]): Promise<Check[]> {
  const [language] = languages;
  if (language === undefined) return [missing('docker hosts', 'there are no languages', null)];
  const { openDockerEngine } = await import('../engines/docker/docker-engine.ts');
  let engine: Engine;
  try {
    const options = { runId: `doctor-${process.pid}`, capture: true, progress: () => {} };
    engine = await openDockerEngine(options);
  } catch (error) {
    const { detail, mend } = split(messageOf(error));
    return [missing('docker hosts', detail, mend)];
  }
  return tryHosts({ engine, language, how: 'in containers', explain: split });
}

async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  const { statusOf } = await import('../engines/docker/refusal.ts');
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
