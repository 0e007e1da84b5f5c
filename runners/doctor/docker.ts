import type { NamedLanguage } from '../catalog/language.ts';
import type { Docker } from '../engines/docker/docker-client.ts';
import type { Recipe } from '../engines/docker/image-recipe.ts';
import type { Engine } from '../engines/engine.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { messageOf } from '../user-error.ts';
import { type Check, type EngineChecks, guarded, missing, ok, optional, split } from './check.ts';
import { tryHosts } from './hosts.ts';

/** What the docker engine can do from this machine. No image is built to know it. */
export async function dockerChecks(languages: readonly NamedLanguage[]): Promise<EngineChecks> {
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
  const base = await guarded('docker base image', () => baseCheck(docker, images.status === 'ok'));
  if (images.status !== 'ok') return { ready: false, checks: [api, base, images] };
  const hosts = await hostsChecks(languages);
  return {
    // Labs run without a capture and without the kernel's trace, if on less evidence.
    ready: hosts.some(({ name, status }) => name === 'docker hosts' && status === 'ok'),
    checks: [api, base, images, ...hosts],
  };
}

async function imagesCheck(docker: Docker, languages: readonly NamedLanguage[]): Promise<Check> {
  const { hasDockerfile, languageRecipe, TOOLS_RECIPE, tagOf } = await import(
    '../engines/docker/image-recipe.ts'
  );
  const name = 'docker images';
  const recipes = [...languages.map(languageRecipe), TOOLS_RECIPE];
  const looked = await Promise.all(
    recipes.map(async (recipe: Recipe) => {
      if (!(await hasDockerfile(recipe))) return { problem: `${recipe.dockerfile} is not there` };
      const tag = await tagOf(recipe);
      return (await hasImage(docker, tag)) ? { tag } : { absent: tag };
    }),
  );
  const problem = looked.find((one) => 'problem' in one)?.problem;
  if (problem !== undefined) return missing(name, problem, null);
  const absent = looked.flatMap((one) => one.absent ?? []);
  const there = looked.flatMap((one) => one.tag ?? []);
  if (absent.length === 0) return ok(name, there.join(', '));
  const built = there.length > 0 ? `; built: ${there.join(', ')}` : '';
  return missing(name, `not built yet: ${absent.join(', ')}${built}`, 'npm run images');
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
  const { statusOf } = await import('../engines/docker/docker-client.ts');
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
