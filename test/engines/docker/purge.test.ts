import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { purgeDocker } from '../../../runners/engines/docker/purge.ts';
import { UserError } from '../../../runners/user-error.ts';
import { specOf, withEngine } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

// Only what must not happen is tested here: a purge that succeeds would take the images of other tests.
dockerTest('nothing is purged while a run is going on', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    await engine.make(specOf(language));
    const { docker } = await connectDocker();
    await t.throwsAsync(purgeDocker(), { instanceOf: UserError, message: new RegExp(runId) });
    const images = await docker.listImages({ filters: { label: ['reset-labs.image'] } });
    t.true(images.length > 0);
  });
});
