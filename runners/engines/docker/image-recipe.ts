import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { NamedLanguage } from '../../catalog/language.ts';
import { inProject, ROOT } from '../../paths.ts';

/** The image on which all of ours are built. */
export const BASE_IMAGE = 'debian:trixie-slim';

/** An image of ours and all that goes into it. */
export type Recipe = {
  /** The folder of `docker/` that has its Dockerfile. */
  readonly name: string;
  readonly dockerfile: string;
  /** Relative to the project's folder, the Dockerfile included. */
  readonly files: readonly string[];
};

/** The image on which a language's programs run. */
export function languageRecipe({ name, folder, sources }: NamedLanguage): Recipe {
  const programs = sources.map((source) => `${relative(ROOT, folder)}/${source}`);
  return recipe(name, ['runners/engines/agent/agent.sh', ...programs]);
}

/** The image of what looks at the network and the kernel, and of what stands between hosts. */
export const TOOLS_RECIPE = recipe('tools', [
  'docker/tools/capture.sh',
  'runners/engines/tracer.sh',
  'runners/engines/agent/agent.sh',
  'runners/engines/tools/forge-reset.py',
]);

/** The image's name, with a tag made of all that goes into it: another content is another image. */
export async function tagOf({ name, files }: Recipe): Promise<string> {
  const hash = createHash('sha256');
  const contents = await Promise.all(files.map((file) => readFile(inProject(file))));
  for (const [index, content] of contents.entries()) {
    hash.update(`${files[index]}\n${content.length}\n`).update(content);
  }
  return `${imageName(name)}:${hash.digest('hex').slice(0, 12)}`;
}

/** Without a tag. */
export function imageName(name: string): string {
  return `reset-labs/${name}`;
}

/** Whether there is a Dockerfile: a language may have none. */
export function hasDockerfile({ dockerfile }: Recipe): Promise<boolean> {
  return access(inProject(dockerfile)).then(
    () => true,
    () => false,
  );
}

function recipe(name: string, files: readonly string[]): Recipe {
  const dockerfile = `docker/${name}/Dockerfile`;
  return { name, dockerfile, files: [dockerfile, ...files] };
}
