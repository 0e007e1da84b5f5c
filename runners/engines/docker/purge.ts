import { thisOwner } from '../../owner.ts';
import { UserError } from '../../user-error.ts';
import { connectDocker } from './docker-client.ts';
import { statusOf } from './refusal.ts';
import { settle } from './settle.ts';
import { findResources, sweep } from './sweep.ts';

/**
 * Removes what the project has in Docker, for `npm run clean`: what dead runs left, and all images but the
 * base image, which may be others' too.
 *
 * @returns how many images were removed
 * @throws UserError while a run has anything there: it may be about to use an image that no container has
 */
export async function purgeDocker(): Promise<number> {
  const { docker } = await connectDocker();
  await sweep(docker, await thisOwner());
  const live = new Set((await findResources(docker)).map(({ run }) => run));
  if (live.size > 0) {
    throw new UserError(
      `A run is going on in Docker (${[...live].join(', ')}), so its images stay. Wait for its end, then: npm run clean`,
    );
  }
  // The label stands in the Dockerfiles, so that unnamed build stages have it too.
  const images = await docker.listImages({ filters: { label: ['reset-labs.image'] } });
  const removed = await settle(
    images.map(async ({ Id, RepoTags }) => {
      // What somebody has built from one of ours bears our label too, and a name of its own.
      const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
      const ours = tags.filter((tag) => tag.startsWith('reset-labs/'));
      if (ours.length < tags.length) return 0;
      try {
        for (const name of tags.length > 0 ? ours : [Id]) await docker.getImage(name).remove();
        return 1;
      } catch (error) {
        // Gone already, or a container of somebody's own uses it.
        if (statusOf(error) === 404 || statusOf(error) === 409) return 0;
        throw error;
      }
    }),
  );
  return removed.filter((one) => one === 1).length;
}
