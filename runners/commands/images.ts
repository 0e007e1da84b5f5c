import { loadLanguages, runtimesOf } from '../catalog/load.ts';
import { buildImages } from '../engines/docker/images.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

/** Builds the images that are not there; see `npm run images -- --help`. */
export async function imagesCommand(names: readonly string[]): Promise<ExitStatus> {
  // The image of the tools is built with every other.
  const wanted = names.length === 0 ? ['all'] : names.filter((name) => name !== 'tools');
  const languages = runtimesOf(await loadLanguages(wanted, 'npm run images'));
  const tags = await buildImages(languages, (text) => void process.stderr.write(`${text}\n`));
  process.stdout.write(`${tags.join('\n')}\n`);
  return EXIT.pass;
}
