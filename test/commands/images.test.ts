import test from 'ava';
import { TOOLS_RECIPE, tagOf } from '../../runners/engines/docker/image-recipe.ts';
import { fakeDocker, NO_DOCKER } from '../doctor/_machine.ts';
import { cli } from './_run.ts';

test('without Docker: what to start', async (t) => {
  const { status, out, err } = await cli(['images'], { env: { DOCKER_HOST: NO_DOCKER } });
  t.is(status, 4);
  t.is(out, '');
  t.regex(err, /^Docker is not running at .*: systemctl start docker/);
});

test('a name that is no image: the names that are', async (t) => {
  const { status, out, err } = await cli(['images', 'jaba']);
  t.is(status, 2);
  t.is(out, '');
  t.regex(err, /^There is no language "jaba" \(npm run images\)\. .*java.*npm run images all\n$/);
});

test('images that are there are named, and nothing is built', async (t) => {
  const tag = await tagOf(TOOLS_RECIPE);
  const DOCKER_HOST = await fakeDocker(t, { images: [tag] });
  t.like(await cli(['images', 'tools'], { env: { DOCKER_HOST } }), {
    ...{ status: 0, out: `${tag}\n`, err: '' },
  });
});
