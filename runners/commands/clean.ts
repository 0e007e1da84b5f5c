import { readdir, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { isUnavailable } from '../engines/unavailable.ts';
import { CACHE, inProject, ROOT } from '../paths.ts';
import { halfWritten } from '../results/store.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';

/** Removes what runs have made: results, caches, and in Docker what dead runs left and our images. */
export async function cleanCommand(): Promise<ExitStatus> {
  const results = inProject('results');
  await assertNoRun(results);
  const removed: string[] = [];
  for (const folder of [results, CACHE]) {
    if ((await namesIn(folder)).length > 0) removed.push(`${relative(ROOT, folder)}/`);
    await rm(folder, { recursive: true, force: true });
  }
  const images = await cleanDocker();
  if (images > 0) removed.push(`${images} Docker ${images === 1 ? 'image' : 'images'}`);
  process.stdout.write(`removed: ${removed.join(', ') || 'nothing, all is clean'}\n`);
  return EXIT.pass;
}

/** @throws UserError where a run writes its results at this moment */
async function assertNoRun(results: string): Promise<void> {
  for (const { name, pid, isAlive } of await halfWritten(results)) {
    if (!isAlive) continue;
    throw new UserError(
      `A run is going on (results/${name}, process ${pid}). Wait for its end, then: npm run clean`,
    );
  }
}

async function cleanDocker(): Promise<number> {
  const { dockerAnswers } = await import('../engines/docker/docker-answers.ts');
  if (isUnavailable(await dockerAnswers())) return 0;
  const { purgeDocker } = await import('../engines/docker/purge.ts');
  return purgeDocker();
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
