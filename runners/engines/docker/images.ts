import { relative } from 'node:path';
import type { Readable } from 'node:stream';
import type { NamedLanguage } from '../../catalog/language.ts';
import { ROOT } from '../../paths.ts';
import { EnvironmentError, messageOf, UserError } from '../../user-error.ts';
import { ClosedError } from '../closed-error.ts';
import { CompileError } from '../compile-error.ts';
import { fetchRuntime } from '../npm-runtime.ts';
import { isUnavailable } from '../unavailable.ts';
import { connectDocker, type Docker } from './docker-client.ts';
import {
  BASE_IMAGE,
  imageName,
  languageRecipe,
  missingImage,
  type Recipe,
  TOOLS_RECIPE,
  tagOf,
} from './image-recipe.ts';
import { followImageStream, ImageStreamError } from './image-stream.ts';
import { refusalOf, statusOf } from './refusal.ts';
import { OnceEach, settle } from './settle.ts';

type Progress = (text: string) => void;
type BuildArguments = Readonly<Record<string, string>>;

const PULL_DEADLINE_MS = 120_000;

/**
 * Builds what is missing of the images of these languages and of the tools, for `npm run images`.
 *
 * @returns the images' names and tags
 */
export async function buildImages(
  languages: readonly NamedLanguage[],
  progress: Progress,
): Promise<string[]> {
  const { docker } = await connectDocker();
  const images = new Images(docker, progress);
  const missing = (await Promise.all(languages.map(missingImage))).find(isUnavailable);
  if (missing) throw new EnvironmentError(missing.unavailable);
  return settle([...languages.map(languageRecipe), TOOLS_RECIPE].map((r) => images.ensure(r)));
}

/** Our images in an engine; each is looked for, and if need be built, once. */
export class Images {
  readonly #docker: Docker;
  readonly #progress: Progress;
  readonly #closing: AbortSignal;
  readonly #tags = new OnceEach<string>();
  readonly #bases = new OnceEach<void>();
  /** Of copies with changes: nobody will ask for them again. */
  readonly #passing = new Set<string>();

  /** @param closing ends builds and pulls that are under way: nobody waits for them any more */
  constructor(
    docker: Docker,
    progress: Progress,
    closing: AbortSignal = new AbortController().signal,
  ) {
    this.#docker = docker;
    this.#progress = progress;
    this.#closing = closing;
  }

  /**
   * Sees that an image is there; builds it where it is not.
   *
   * @returns its name and tag
   * @throws EnvironmentError with the end of the build's output
   * @throws ClosedError where the engine is closed meanwhile
   */
  ensure(recipe: Recipe): Promise<string> {
    return this.#tags.get(recipe.key, async () => {
      const tag = await tagOf(recipe);
      if (recipe.root !== ROOT) this.#passing.add(tag);
      if (!(await this.#has(tag))) {
        await this.#bases.get(BASE_IMAGE, () => this.#ensureBase());
        await this.#build(recipe, tag);
      }
      return tag;
    });
  }

  /** Removes the images of copies, once no container has them any more. */
  async discard(): Promise<void> {
    await settle(
      [...this.#passing].map(async (tag) => {
        try {
          await this.#docker.getImage(tag).remove();
        } catch (error) {
          // It was never built, or somebody else's container has it.
          if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
        }
      }),
    );
  }

  async #has(tag: string): Promise<boolean> {
    try {
      await this.#docker.getImage(tag).inspect();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  async #build(recipe: Recipe, tag: string): Promise<void> {
    const began = performance.now();
    this.#progress(`building the image ${tag}: it is new here or its files have changed`);
    try {
      const { files, args } = await this.#versionOf(recipe);
      const stream = await this.#docker.buildImage(
        { context: recipe.root, src: [...recipe.files, ...files] },
        {
          t: tag,
          dockerfile: recipe.dockerfile,
          buildargs: args,
          // A failed build leaves its container behind if not told so.
          forcerm: true,
          abortSignal: this.#closing,
        },
      );
      await followImageStream(stream as Readable, (line) => {
        const [, step, what = ''] = /^Step (\d+\/\d+) : (.*)/.exec(line) ?? [];
        if (step) this.#progress(`image ${recipe.key}, step ${step}: ${what.slice(0, 60)}`);
      });
    } catch (error) {
      if (this.#closing.aborted) throw new ClosedError();
      if (error instanceof UserError) throw error;
      throw buildFailure(recipe, error);
    }
    // For compose files used by hand.
    if (recipe.onRequest === undefined && recipe.key === recipe.name) {
      await this.#docker.getImage(tag).tag({ repo: imageName(recipe.name), tag: 'latest' });
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    this.#progress(`built the image ${tag} in ${seconds} s`);
  }

  /** What the Dockerfile must be told, and sent, for a version other than its own. */
  async #versionOf({ onRequest }: Recipe): Promise<{ files: string[]; args: BuildArguments }> {
    if (onRequest === undefined) return { files: [], args: {} };
    const { version } = onRequest;
    if (version.npm === undefined) return { files: [], args: { VERSION: version.name } };
    const arch = await this.#arch();
    // Fetched here, where npm is configured: an engine may reach no registry.
    const folder = await fetchRuntime(onRequest, this.#progress, arch);
    return { files: [relative(ROOT, folder)], args: { VERSION: version.name, ARCH: arch } };
  }

  /** The engine's processor as Node.js names it: it need not be this machine's. */
  async #arch(): Promise<string> {
    const { Arch } = await this.#docker.version();
    return Arch === 'amd64' ? 'x64' : Arch;
  }

  async #ensureBase(): Promise<void> {
    if (await this.#has(BASE_IMAGE)) return;
    this.#progress(`pulling the image ${BASE_IMAGE}`);
    try {
      const deadline = AbortSignal.timeout(PULL_DEADLINE_MS);
      const abortSignal = AbortSignal.any([deadline, this.#closing]);
      const stream = await this.#docker.pull(BASE_IMAGE, { abortSignal });
      await followImageStream(stream as Readable, () => {});
    } catch (error) {
      if (this.#closing.aborted) throw new ClosedError();
      throw new EnvironmentError(
        `The image ${BASE_IMAGE} is not there and cannot be pulled (${refusalOf(error)}): this machine cannot reach a registry. Make the image: make base-image`,
      );
    }
  }
}

function buildFailure({ name, dockerfile }: Recipe, error: unknown): CompileError {
  const output = error instanceof ImageStreamError ? error.output : [];
  const lines = [
    `The image ${imageName(name)} cannot be built (${messageOf(error)}).`,
    ...output.map((line) => `  | ${line}`),
    `Repeat: docker build -f ${dockerfile} .`,
  ];
  return new CompileError(lines.join('\n'), output);
}
