// The real thing: all labs are run, and every page must say what they show.

import { folderWith } from '../_folder.ts';
import { cli } from '../commands/_run.ts';
import { engines } from '../e2e/_engines.ts';

for (const { name, test } of engines.filter((engine) => engine.name === 'local')) {
  test.serial(`${name} · the pages say what the labs show`, async (t) => {
    t.timeout(600_000);
    const { status, out, err } = await cli([
      ...['docs', '--check', '--jobs', '4', '--results', folderWith(t)],
    ]);
    t.is(status, 0, err);
    t.regex(out, /^\d+ pages say what the labs show\ndocs\/field-guide.md is current\n$/);
  });
}
