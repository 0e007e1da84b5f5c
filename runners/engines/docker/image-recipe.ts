import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LanguageVersion, NamedLanguage } from '../../catalog/language.ts';
import { exists, inProject, ROOT } from '../../paths.ts';
import type { Unavailable } from '../unavailable.ts';

const AGENT = 'runners/engines/agent/agent.sh';

/** The image on which all of ours are built. */
export const BASE_IMAGE = 'debian:trixie-slim';

/** An image of ours and all that goes into it. */
export type Recipe = {
  /** The folder of `docker/` that has its Dockerfile. */
  readonly name: string;
  /** What tells it from the others of a run: the name, or with a version `java@25`. */
  readonly key: string;
  /** The folder in which the files lie as in the project: the project's own, or a copy with changes. */
  readonly root: string;
  readonly dockerfile: string;
  /** Relative to the root, the Dockerfile included. */
  readonly files: readonly string[];
  /** The language of a version other than the Dockerfile's own. */
  readonly onRequest?: NamedLanguage & { readonly version: LanguageVersion };
};

/** The image on which a language's programs run; its default version is the Dockerfile's own. */
export function languageRecipe(language: NamedLanguage): Recipe {
  const { of, folder, sources, version, runtime } = language;
  const programs = sources.map((source) => `${programsOf(of)}/${source}`);
  const root = rootOf(folder, of);
  const plain = { ...recipe(of, [AGENT, ...programs]), root };
  if (root !== ROOT) return { ...plain, key: runtime };
  if (version === null || version.image === 'default') return plain;
  return { ...plain, key: runtime, onRequest: { ...language, version } };
}

/** The image of what looks at the network and the kernel, and of what stands between hosts. */
export const TOOLS_RECIPE = recipe('tools', [
  'docker/tools/capture.sh',
  'runners/engines/tracer.sh',
  AGENT,
  'runners/engines/tools/forge-reset.py',
]);

/**
 * The image's name, with a tag made of all that goes into it: another content is another image. What
 * Debian and npm give for a version is not read: it is the newest at the time of the build.
 */
export async function tagOf({ name, key, root, files, onRequest }: Recipe): Promise<string> {
  const hash = createHash('sha256').update(onRequest ? `${onRequest.version.name}\n` : '');
  // A copy is removed after its use: it must not be taken for the image itself, even if nothing was changed.
  if (root !== ROOT) hash.update(`${key}\n`);
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))));
  for (const [index, content] of contents.entries()) {
    hash.update(`${files[index]}\n${content.length}\n`).update(content);
  }
  return `${imageName(name)}:${hash.digest('hex').slice(0, 12)}`;
}

/** Without a tag. */
export function imageName(name: string): string {
  return `reset-labs/${name}`;
}

/** Why a language has no image: it may have no Dockerfile, or not in a version. */
export async function missingImage(language: NamedLanguage): Promise<Unavailable | undefined> {
  const { of, title, version } = language;
  if (version?.image === 'none') {
    return {
      unavailable: `${title} ${version.name} has no image for Docker: ${BASE_IMAGE} does not offer it. Take another version (${of}@all are all), or use --engine local`,
    };
  }
  const { dockerfile } = languageRecipe(language);
  if (await exists(inProject(dockerfile))) return undefined;
  return {
    unavailable: `${title} has no image for Docker: write ${dockerfile}, or use --engine local`,
  };
}

function recipe(name: string, files: readonly string[]): Recipe {
  const dockerfile = `docker/${name}/Dockerfile`;
  return { name, key: name, root: ROOT, dockerfile, files: [dockerfile, ...files] };
}

/** Where the Dockerfile of a language expects its programs. */
function programsOf(language: string): string {
  return `labs/programs/${language}`;
}

/** @param folder that of a language's programs */
function rootOf(folder: string, language: string): string {
  return `${resolve(folder, ...programsOf(language).split('/').fill('..'))}/`;
}
