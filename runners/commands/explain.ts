import type { Case } from '../guide/cases.ts';
import type { Entry } from '../guide/entries.ts';
import { loadGuide } from '../guide/load.ts';
import { type Match, matches } from '../guide/match.ts';
import { nearest } from '../guide/nearest.ts';
import { explained, unknownText } from '../guide/terminal.ts';
import { told } from '../guide/tree.ts';
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
  const asJson = () => ({
    text,
    matches: found.map((match) => matchAsJson(match, entries)),
    nearest: near.map(entryAsJson),
  });
  const said = json
    ? [JSON.stringify(asJson(), null, 2)]
    : found.length > 0
      ? explained(found, entries, screen)
      : unknownText(text, near, screen);
  process.stdout.write(`${said.join('\n').trimEnd()}\n`);
  return found.length > 0 ? EXIT.pass : EXIT.fail;
}

async function textToExplain(words: readonly string[]): Promise<string> {
  const [first] = words;
  if (first === undefined || first === '-') {
    if (process.stdin.isTTY) {
      throw new UserError(
        'There is no text to explain. Write it: npm run explain -- "read ECONNRESET". Or send it: npm run explain < log',
      );
    }
    const text = await beginningOf(process.stdin);
    if (text.trim() !== '') return text;
    throw new UserError(
      'Standard input was empty. Write the text: npm run explain -- "read ECONNRESET"',
    );
  }
  const text = words.join(' ');
  if (text.trim() !== '') return text;
  throw new UserError('The text is empty. Write one: npm run explain -- "read ECONNRESET"');
}

async function beginningOf(stream: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LONGEST) {
      process.stderr.write(`Only the first ${LONGEST} characters are read.\n`);
      break;
    }
  }
  return text.slice(0, LONGEST);
}

function matchAsJson(match: Match, all: readonly Entry[]) {
  const { line, found, times, errno, entries } = match;
  const { cases, areOfOthers } = told([match], all);
  return {
    ...{ line, found, times, errno },
    shownBy: entries.map(entryAsJson),
    /** Whether no lab shows these words, so that the cases are those of the errno in others. */
    inOtherWords: areOfOthers,
    cases: cases.map(caseAsJson),
  };
}

function entryAsJson({ language, step, errno, face, version, held }: Entry) {
  const { type, message } = face;
  return { language: language.name, version, step, errno, type, message, held };
}

function caseAsJson({ story, at, packets, reason, why }: Case) {
  const { number, name, variant, cure } = story;
  return { number, lab: name, variant, cure, at, packets, reason, why };
}
