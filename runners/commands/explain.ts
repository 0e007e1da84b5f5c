import { text as allOf } from 'node:stream/consumers';
import type { Entry } from '../guide/entries.ts';
import { loadGuide } from '../guide/load.ts';
import { matches, nearest } from '../guide/match.ts';
import { type Case, casesOf } from '../guide/page.ts';
import { explained, unknownText } from '../guide/terminal.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';

export type ExplainOptions = { readonly json: boolean };

/** Nobody pastes more; a log of gigabytes must not fill the memory. */
const LONGEST = 1_000_000;

/** Says what a text that a program has shown can mean; see `npm run explain -- --help`. */
export async function explainCommand(
  words: readonly string[],
  { json }: ExplainOptions,
): Promise<ExitStatus> {
  const text = await textToExplain(words);
  const { entries } = await loadGuide();
  const found = matches(text, entries);
  const near = found.length > 0 ? [] : nearest(text, entries, 3);
  const screen = screenOf(process.stdout);
  const said = json
    ? [
        JSON.stringify(
          { text, matches: found.map(asJson), nearest: near.map(entryAsJson) },
          null,
          2,
        ),
      ]
    : found.length > 0
      ? found.flatMap((match) => explained(match, entries, screen))
      : unknownText(text, near, screen);
  process.stdout.write(`${said.join('\n')}\n`);
  return found.length > 0 ? EXIT.pass : EXIT.fail;

  function asJson({ line, found: words, errno, entries: own }: (typeof found)[number]) {
    const cases = casesOf(own.length > 0 ? own : entries.filter((one) => one.errno === errno));
    return {
      line,
      found: words,
      errno,
      shownBy: own.map(entryAsJson),
      cases: cases.map(caseAsJson),
    };
  }
}

async function textToExplain(words: readonly string[]): Promise<string> {
  const [first] = words;
  if (first === undefined || first === '-') {
    if (process.stdin.isTTY) {
      throw new UserError(
        'There is no text to explain. Write it: npm run explain -- "read ECONNRESET". Or send it: npm run explain < log',
      );
    }
    const text = (await allOf(process.stdin)).slice(0, LONGEST);
    if (text.trim() !== '') return text;
    throw new UserError(
      'Standard input was empty. Write the text: npm run explain -- "read ECONNRESET"',
    );
  }
  const text = words.join(' ');
  if (text.trim() !== '') return text;
  throw new UserError('The text is empty. Write one: npm run explain -- "read ECONNRESET"');
}

function entryAsJson({ language, step, errno, face, version }: Entry) {
  const { type, message } = face;
  return { language: language.name, version, step, errno, type, message };
}

function caseAsJson({ story, at, packets, reason, why }: Case) {
  const { number, name, variant, cure } = story;
  return { number, lab: name, variant, cure, at, packets, reason, why };
}
