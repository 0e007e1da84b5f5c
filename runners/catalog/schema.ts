import * as v from 'valibot';
import { RESET_COUNTERS } from '../evidence/counters.ts';
import { STEP_NAMES } from '../evidence/steps.ts';
import { BEHAVIOURS, CAUSES, SIDES, type StepOutcome } from './lab.ts';
import { ERRNOS, PROGRAM_NAMES } from './language.ts';

const role = v.picklist(['client', 'server']);

const outcome = v.custom<StepOutcome>(
  (value) => {
    const [step, how, ...rest] = String(value).split(' ');
    const known = [...['ok', 'eof'], ...ERRNOS] as string[];
    return rest.length === 0 && STEP_NAMES.includes(step as never) && known.includes(how ?? '');
  },
  `a step and its outcome, "read ECONNRESET" say: ${STEP_NAMES.join(', ')}; ok, eof, ${ERRNOS.join(', ')}`,
);

const sentence = v.pipe(v.string(), v.nonEmpty('a sentence'));

const counts = v.record(
  v.picklist(RESET_COUNTERS),
  v.pipe(v.number(), v.integer('a whole number'), v.minValue(1, '1 or more')),
);

const expectation = v.strictObject({
  client: v.pipe(v.array(outcome), v.nonEmpty('at least one step')),
  packets: v.strictObject({
    rst: v.union(
      [
        v.literal('none'),
        v.strictObject({
          from: role,
          kind: v.optional(v.picklist(['socket', 'stateless'])),
          answers: v.optional(v.picklist(['SYN', 'data'])),
        }),
      ],
      '"none" or { from: "client" or "server", kind?, answers? }',
    ),
    fin: v.picklist(SIDES),
  }),
  kernel: v.strictObject({
    client: counts,
    server: counts,
    reason: v.union(
      [v.literal('none'), v.strictObject({ from: role, is: sentence })],
      '"none" or { from: "client" or "server", is: "…" }',
    ),
  }),
});

/** What `lab.ts` must export; also held against labs whose author had no type checker. */
export const LAB_SCHEMA = v.strictObject({
  title: sentence,
  cause: v.picklist(CAUSES),
  why: sentence,
  topology: v.picklist(['direct']),
  server: v.union(
    [v.literal('none'), v.strictObject({ behaviour: v.picklist(BEHAVIOURS) })],
    `"none" or { behaviour: ${BEHAVIOURS.map((name) => `"${name}"`).join(', ')} }`,
  ),
  client: v.variant('program', [
    v.strictObject({ program: v.literal('ask') }),
    v.strictObject({ program: v.literal('ask-twice'), messages: v.array(v.string()) }),
  ]),
  fault: v.optional(v.function()),
  expect: expectation,
  differs: v.optional(
    v.record(v.string(), v.strictObject({ because: sentence, expect: expectation })),
  ),
});

const face = v.strictObject({
  type: sentence,
  errno: v.nullable(v.picklist(ERRNOS)),
  message: v.string(),
});
const words = v.pipe(v.array(v.string()), v.nonEmpty('a command'));

/** What `language.ts` must export. */
export const LANGUAGE_SCHEMA = v.strictObject({
  title: sentence,
  sources: words,
  run: v.strictObject(v.entriesFromList(PROGRAM_NAMES, words)),
  compile: v.optional(words),
  toolchain: v.strictObject({ commands: words, version: words, debian: sentence }),
  faces: v.record(v.picklist(STEP_NAMES), v.record(v.picklist(ERRNOS), face)),
});

/** The first thing that is wrong: which key, with which value, and what it should be. */
export function firstProblem(issues: readonly v.BaseIssue<unknown>[]): string | undefined {
  const [issue] = issues;
  if (issue === undefined) return undefined;
  const key = v.getDotPath(issue);
  const where = key === null ? 'the default export' : `\`${key}\``;
  const isKey = issue.path?.at(-1)?.origin === 'key';
  if (issue.expected === 'never') return `${where} is not a key that is known here: remove it`;
  if (isKey && issue.input === undefined) return `${where} is missing`;
  if (isKey) return `${where} is not a key that is known here: write ${wanted(issue)}`;
  const value = issue.input === undefined ? 'missing' : shown(issue.input);
  return `${where} is ${value}: write ${wanted(issue)}`;
}

const KINDS: Readonly<Record<string, string>> = {
  Array: 'a list',
  Function: 'a function',
  Object: 'an object',
  number: 'a number',
  string: 'a text',
};

function wanted(issue: v.BaseIssue<unknown>): string {
  // Valibot's own messages say "Invalid type: …"; ours say what is wanted.
  if (!issue.message.startsWith('Invalid')) return issue.message;
  const { expected } = issue;
  if (expected === null) return issue.message;
  return KINDS[expected] ?? expected.replaceAll(/[()]/g, '').replaceAll(' | ', ' or ');
}

/** A value in a few words. */
function shown(value: unknown): string {
  const text =
    typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
