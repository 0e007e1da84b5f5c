import test from 'ava';
import { loadLanguages } from '../../runners/catalog/load.ts';
import { dockerChecks } from '../../runners/doctor/docker.ts';
import { languageRecipe, TOOLS_RECIPE, tagOf } from '../../runners/engines/docker/image-recipe.ts';
import { fakeDocker, NO_DOCKER, setEnvironment } from './_machine.ts';

const languages = await loadLanguages(['usual'], '--client');
const tags = await Promise.all([...languages.map(languageRecipe), TOOLS_RECIPE].map(tagOf));

test.serial('no Docker', async (t) => {
  setEnvironment(t, { DOCKER_HOST: NO_DOCKER });
  t.deepEqual(await dockerChecks(languages), {
    ready: false,
    checks: [
      {
        name: 'docker API',
        status: 'missing',
        detail: `Docker is not running at ${NO_DOCKER}`,
        mend: 'systemctl start docker, or start Docker Desktop',
      },
    ],
  });
});

test.serial('nothing is built: the images are named, and what builds them', async (t) => {
  const host = await fakeDocker(t);
  setEnvironment(t, { DOCKER_HOST: host });
  t.deepEqual(await dockerChecks(languages), {
    ready: false,
    checks: [
      {
        name: 'docker API',
        status: 'ok',
        detail: `docker 28.2, at ${host}`,
        mend: null,
      },
      {
        name: 'docker base image',
        status: 'optional',
        detail: 'debian:trixie-slim is not there: it is pulled, or made without a registry',
        mend: 'make base-image',
      },
      {
        name: 'docker images',
        status: 'missing',
        detail: `not built yet: ${tags.join(', ')}`,
        mend: 'npm run images',
      },
    ],
  });
});

test.serial('one image is not up to date', async (t) => {
  const [first = '', ...others] = tags;
  setEnvironment(t, {
    DOCKER_HOST: await fakeDocker(t, { images: ['debian:trixie-slim', ...others] }),
  });
  const { ready, checks } = await dockerChecks(languages);
  t.false(ready);
  t.is(checks.find(({ name }) => name === 'docker base image')?.status, 'ok');
  t.like(
    checks.find(({ name }) => name === 'docker images'),
    { status: 'missing', detail: `not built yet: ${first}; built: ${others.join(', ')}` },
  );
});

test.serial(
  'images are there, and Docker makes no containers: that is said beside them',
  async (t) => {
    setEnvironment(t, { DOCKER_HOST: await fakeDocker(t, { images: tags }) });
    const { ready, checks } = await dockerChecks(languages);
    t.false(ready);
    t.like(checks[1], {
      name: 'docker base image',
      status: 'optional',
      detail:
        'debian:trixie-slim is not there: needed for the next build only; it is pulled, or made without a registry',
    });
    t.deepEqual(checks[2], {
      name: 'docker images',
      status: 'ok',
      detail: tags.join(', '),
      mend: null,
    });
    t.like(checks[3], { name: 'docker hosts', status: 'missing' });
    t.regex(checks[3]?.detail ?? '', /no such thing/);
  },
);

test.serial('versions: which have an image, and what builds the others', async (t) => {
  const onRequest = await loadLanguages(['java@25', 'node@22', 'node@24', 'node@26'], '--client');
  const [java = '', ...others] = await Promise.all(
    onRequest.map((language) => tagOf(languageRecipe(language))),
  );
  const versions = async (images: readonly string[]) => {
    setEnvironment(t, { DOCKER_HOST: await fakeDocker(t, { images }) });
    return (await dockerChecks(languages)).checks.find(({ name }) => name === 'docker versions');
  };
  t.deepEqual(await versions([...tags, java]), {
    name: 'docker versions',
    status: 'optional',
    detail: 'java@25; built when asked for: node@22, node@24, node@26',
    mend: 'npm run images -- node@22 node@24 node@26',
  });
  t.like(await versions([...tags, java, ...others]), {
    status: 'ok',
    detail: 'java@25, node@22, node@24, node@26',
  });
});

test.serial('Docker that refuses to show its images: all checks are there', async (t) => {
  setEnvironment(t, { DOCKER_HOST: await fakeDocker(t, { refuses: 'images' }) });
  const { checks } = await dockerChecks(languages);
  t.deepEqual(
    checks.map(({ name, status }) => [name, status]),
    [
      ['docker API', 'ok'],
      ['docker base image', 'missing'],
      ['docker images', 'missing'],
    ],
  );
  t.regex(checks[2]?.detail ?? '', /refused/);
});
