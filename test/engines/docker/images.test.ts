import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import test from 'ava';
import type { LanguageVersion } from '../../../runners/catalog/language.ts';
import { loadLanguages } from '../../../runners/catalog/load.ts';
import { until } from '../../../runners/deadline.ts';
import { ClosedError } from '../../../runners/engines/closed-error.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import {
  imageName,
  languageRecipe,
  missingImage,
  TOOLS_RECIPE,
  tagOf,
} from '../../../runners/engines/docker/image-recipe.ts';
import { Images } from '../../../runners/engines/docker/images.ts';
import { CACHE, ROOT } from '../../../runners/paths.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { python } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

/** An image of its own whose Dockerfile has this text. */
async function recipeOf(dockerfile: string) {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'test-image-'));
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  const path = relative(ROOT, join(folder, 'Dockerfile'));
  const name = `test-${process.pid}`;
  return {
    recipe: { name, key: name, root: ROOT, dockerfile: path, files: [path] },
    remove: () => rm(folder, { recursive: true }),
  };
}

test("a language's image is made of its Dockerfile, its programs and the agent", async (t) => {
  const { files, dockerfile } = languageRecipe(await python());
  t.is(dockerfile, 'docker/python/Dockerfile');
  t.deepEqual(files.slice(0, 2), [dockerfile, 'runners/engines/agent/agent.sh']);
  t.true(files.includes('labs/programs/python/ask.py'));
  t.false(files.includes('labs/programs/python/language.ts'));
});

test('the image of the tools has all tools', async (t) => {
  const folder = 'runners/engines/tools';
  const tools = (await readdir(join(ROOT, folder))).filter((file) => file.endsWith('.py'));
  t.true(tools.length > 0);
  for (const tool of tools) t.true(TOOLS_RECIPE.files.includes(`${folder}/${tool}`), tool);
});

test('the tag changes with what goes in, and only then', async (t) => {
  const one = await recipeOf('FROM scratch\n');
  const tag = await tagOf(one.recipe);
  t.regex(tag, /^reset-labs\/test-\d+:[0-9a-f]{12}$/);
  t.is(await tagOf(one.recipe), tag);
  await writeFile(join(ROOT, one.recipe.dockerfile), 'FROM scratch\n\n');
  t.not(await tagOf(one.recipe), tag);
  await one.remove();
});

dockerTest(
  'an image is built once, with visible progress, and named for use by hand',
  async (t) => {
    const { docker } = await connectDocker();
    const { recipe, remove } = await recipeOf('FROM debian:trixie-slim\nRUN echo built\n');
    const progress: string[] = [];
    try {
      const images = () => new Images(docker, (text) => progress.push(text));
      const tag = await images().ensure(recipe);
      t.regex(
        progress.join('\n'),
        /building the image.*step 2\/2: RUN echo built.*built the image/s,
      );
      t.true(
        (await docker.getImage(tag).inspect()).RepoTags.includes(
          `${imageName(recipe.name)}:latest`,
        ),
      );
      progress.length = 0;
      t.is(await images().ensure(recipe), tag);
      t.deepEqual(progress, []);
      await docker.getImage(tag).remove({ force: true });
      await docker.getImage(`${imageName(recipe.name)}:latest`).remove({ force: true });
    } finally {
      await remove();
    }
  },
);

dockerTest('a failed build shows the end of its output and leaves no container', async (t) => {
  const { docker } = await connectDocker();
  const mark = `mark-${process.pid}`;
  const { recipe, remove } = await recipeOf(
    `FROM debian:trixie-slim\nRUN echo ${mark} because of the weather; exit 3\n`,
  );
  try {
    await t.throwsAsync(new Images(docker, () => {}).ensure(recipe), {
      instanceOf: EnvironmentError,
      message:
        /cannot be built.*non-zero code: 3.*because of the weather.*Repeat: docker build -f/s,
    });
    const containers = await docker.listContainers({ all: true });
    t.false(containers.some(({ Command }) => Command.includes(mark)));
  } finally {
    await remove();
  }
});

dockerTest('a build ends when its engine is closed, and leaves no container', async (t) => {
  const { docker } = await connectDocker();
  const mark = `mark-${process.pid}-closed`;
  const { recipe, remove } = await recipeOf(
    `FROM debian:trixie-slim\nRUN echo ${mark}; sleep infinity\n`,
  );
  const commands = async () =>
    (await docker.listContainers({ all: true })).map(({ Command }) => Command);
  const closing = new AbortController();
  try {
    const building = new Images(docker, () => {}, closing.signal).ensure(recipe);
    building.catch(() => {});
    const isBuilding = async () => (await commands()).some((one) => one.includes(mark));
    await until('the build', async () => (await isBuilding()) || undefined);
    closing.abort();
    await t.throwsAsync(building, { instanceOf: ClosedError });
    await until('the end of the build', async () => !(await isBuilding()) || undefined);
  } finally {
    closing.abort();
    await remove();
  }
});

/** `docker/<language>/Dockerfile`: the version that is built without a wish. */
function versionOfDockerfile(name: string): string | undefined {
  const text = readFileSync(join(ROOT, `docker/${name}/Dockerfile`), 'utf8');
  return /^ARG VERSION=(.*)$/m.exec(text)?.[1];
}

test('the default version of a language is the Dockerfile’s own, with the same image', async (t) => {
  const all = await loadLanguages(['all@all'], '--client');
  const byDefault = all.filter(({ version }) => version?.image === 'default');
  t.true(['java', 'node', 'python'].every((one) => byDefault.some(({ name }) => name === one)));
  for (const language of byDefault) {
    const plain = languageRecipe({ ...language, id: language.name, version: null });
    t.is(await tagOf(languageRecipe(language)), await tagOf(plain));
    // Where there is one version only, it is Debian's.
    const inImages = language.versions?.filter(({ image }) => image !== 'none') ?? [];
    if (inImages.length < 2) continue;
    t.is(versionOfDockerfile(language.of), language.version?.name);
  }
});

test('each other version has an image of its own', async (t) => {
  const all = await loadLanguages(['java@all', 'node@all'], '--client');
  const tags = await Promise.all(all.map((language) => tagOf(languageRecipe(language))));
  t.is(new Set(tags).size, all.length);
  for (const [place, tag] of tags.entries()) {
    t.true(tag.startsWith(`reset-labs/${all[place]?.name}:`), tag);
  }
});

test('a version that the base image does not offer has no image: that is said, and what has', async (t) => {
  const [old, java] = await loadLanguages(['java@17', 'java@25'], '--client');
  if (!old || !java) return t.fail();
  t.is(await missingImage(java), undefined);
  t.deepEqual(await missingImage(old), {
    unavailable:
      'Java 17 has no image for Docker: debian:trixie-slim does not offer it. Take another version (java@all are all), or use --engine local',
  });
});

dockerTest(
  'a version that npm has is sent to the engine; “latest” stays the default one',
  async (t) => {
    const [language] = await loadLanguages(['node@22'], '--client');
    if (!language) return t.fail();
    const { docker } = await connectDocker();
    const { recipe, remove } = await recipeOf(
      [
        'FROM debian:trixie-slim',
        'ARG VERSION=20',
        'ARG ARCH',
        'COPY .cache/toolchains/node-$VERSION-$ARCH/LICENSE /',
        'RUN test "$VERSION" = 22',
        '',
      ].join('\n'),
    );
    const version = language.version as LanguageVersion;
    const onRequest = { ...recipe, onRequest: { ...language, version } };
    try {
      const tag = await new Images(docker, (text) => t.log(text)).ensure(onRequest);
      t.not(tag, await tagOf(recipe));
      t.deepEqual((await docker.getImage(tag).inspect()).RepoTags, [tag]);
      await docker.getImage(tag).remove({ force: true });
    } finally {
      await remove();
    }
  },
);
