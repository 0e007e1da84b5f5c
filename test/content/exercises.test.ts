// The exercises in real runs: starters fail for the reason of their lab, solutions pass, cheats are refused.
import test from 'ava';
import { loadLabs } from '../../runners/catalog/load.ts';
import { loadLessons } from '../../runners/workshop/lessons/load.ts';
import { cli } from '../commands/_run.ts';
import { engines } from '../e2e/_engines.ts';

/** The rest is for `npm run content`, which .github/workflows/content.yml runs in each engine. */
const TRIED = {
  local: [
    { language: 'python', labs: ['03', '17'] },
    { language: 'java,node', labs: ['04'] },
  ],
  docker: [{ language: 'python', labs: ['03'] }],
} as const;

for (const { name, test: declare } of engines) {
  for (const { language, labs } of TRIED[name]) {
    declare.serial(`${name} · exercises ${labs.join(', ')} in ${language}`, async (t) => {
      t.timeout(300_000);
      const images = name === 'docker' ? await imagesOf('python') : [];
      const { status, out } = await cli([
        ...['content', ...labs, '--language', language, '--engine', name],
      ]);
      t.is(status, 0, out);
      const rows = out.split('\n').filter((line) => / fails +passes +refused \(\d+\)$/.test(line));
      const lessons = await loadLessons(await loadLabs(labs));
      const tasks = lessons.flatMap((lesson) => lesson.tasks);
      t.is(rows.length, tasks.length * language.split(',').length, out);
      if (name === 'docker') t.deepEqual(await imagesOf('python'), images, 'an image is left');
    });
  }
}

test('what is wrong with an exercise is told', async (t) => {
  const { status, err } = await cli(['content', 'no-such-lab']);
  t.is(status, 2);
  t.regex(err, /There is no lab "no-such-lab"/);
});

async function imagesOf(language: string): Promise<string[]> {
  const { connectDocker } = await import('../../runners/engines/docker/docker-client.ts');
  const { docker } = await connectDocker();
  const images = await docker.listImages({
    filters: { reference: [`reset-labs/${language}`] },
  });
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).sort();
}
