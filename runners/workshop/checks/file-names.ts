import { pathToFileURL } from 'node:url';
import { COPIES } from './overlay.ts';

/** How programs name that folder: Python by its path, Node.js by its URL. */
const NAMES = [pathToFileURL(COPIES).href, COPIES];

/** What stands between it and the name of a source: which copy, and where in it the language's programs lie. */
const INSIDE = /^\/[^/]+\/labs\/programs\/[^/]+\//;

/** A line of a participant's program, in which its copy has the name of the file that was edited: `ask.py`. */
export function withOwnNames(line: string): string {
  return NAMES.reduce((text, name) => {
    const [before = '', ...others] = text.split(name);
    const shown = others.map((rest) =>
      INSIDE.test(rest) ? rest.replace(INSIDE, '') : name + rest,
    );
    return [before, ...shown].join('');
  }, line);
}
