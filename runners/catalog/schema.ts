import * as v from 'valibot';
import { RESET_COUNTERS } from '../evidence/counters.ts';
import { STEP_NAMES } from '../evidence/steps.ts';
import { ERRNOS } from './errno.ts';
import { FIN_FROM, SIGNALS, type StepOutcome } from './expectation.ts';
import { CAUSES } from './lab.ts';
import { SURPRISES } from './language.ts';
import { BEHAVIOURS, CLIENT_PROGRAMS, LIMITS, PROGRAM_NAMES } from './programs.ts';
import { HOST_NAMES, NEEDS, TOPOLOGY_NAMES } from './topology.ts';

const side = v.picklist(['client', 'server', 'balancer']);

const HOW = ['ok', 'eof', 'blocked', ...ERRNOS, ...Object.keys(SIGNALS)];

const outcome = v.custom<StepOutcome>(
  (value) => {
    const [step, how, ...rest] = String(value).split(' ');
    const known = HOW as readonly string[];
    return rest.length === 0 && STEP_NAMES.includes(step as never) && known.includes(how ?? '');
  },
  `a step and its outcome, "read ECONNRESET" say: ${STEP_NAMES.join(', ')}; ${HOW.join(', ')}`,
);

const sentence = v.pipe(v.string(), v.nonEmpty('a sentence'));

const LINK = 'an https address that shows the cause';
// What would end a link in Markdown or in a terminal must not stand in one.
const link = v.pipe(v.string(), v.regex(/^https:\/\/[^\s<>()"'`|\\]+$/, LINK), v.url(LINK));

// Each check says what is wanted as a whole: a union passes on the problem of the one that nearly fits.
const COUNT = 'a whole number from 1, or "some"';
const counts = v.record(
  v.picklist(RESET_COUNTERS),
  v.union([v.literal('some'), v.pipe(v.number(), v.integer(COUNT), v.minValue(1, COUNT))], COUNT),
);

const reset = v.strictObject({
  from: side,
  kind: v.optional(v.picklist(['socket', 'stateless'])),
  answers: v.optional(v.picklist(['SYN', 'data', 'keepalive'])),
  by: v.optional(v.literal('middlebox')),
});

const reason = v.strictObject({
  from: side,
  is: v.union(
    [sentence, v.pipe(v.array(sentence), v.minLength(2, 'two names or more'))],
    'a name of `enum sk_rst_reason`, or a list of them',
  ),
});

const RST =
  '"none" or { from: "client", "server" or "balancer", kind?, answers?, by? }, or a list of these';
const REASON =
  '"none", "received only" or { from: "client", "server" or "balancer", is: "…" }, or a list of these';

const expectation = {
  client: v.pipe(v.array(outcome), v.nonEmpty('at least one step')),
  packets: v.strictObject({
    rst: v.union([v.literal('none'), reset, v.pipe(v.array(reset), v.nonEmpty(RST))], RST),
    fin: v.picklist(FIN_FROM),
  }),
  kernel: v.strictObject({
    client: counts,
    server: counts,
    balancer: v.optional(counts),
    reason: v.union(
      [v.picklist(['none', 'received only']), reason, v.pipe(v.array(reason), v.nonEmpty(REASON))],
      REASON,
    ),
  }),
};

const alternative = v.strictObject({ outcome: sentence, because: sentence, ...expectation });

// Told apart by hand: a union would only say that none fits.
const expected = v.lazy((value) =>
  Array.isArray(value)
    ? v.pipe(
        v.array(alternative),
        v.minLength(2, 'two or more alternatives'),
        v.check(
          (all) => new Set(all.map(({ outcome }) => outcome)).size === all.length,
          'alternatives, each with an `outcome` of its own',
        ),
      )
    : v.strictObject(expectation),
);

const server = v.union(
  [
    v.literal('none'),
    v.strictObject({ behaviour: v.picklist(BEHAVIOURS) }),
    v.strictObject({ program: v.literal('server-graceful') }),
    v.strictObject({ program: v.literal('server-limits'), behaviour: v.picklist(LIMITS) }),
  ],
  `"none", { behaviour: ${BEHAVIOURS.map((name) => `"${name}"`).join(', ')} }, { program: "server-graceful" } or { program: "server-limits", behaviour: "reserve" or "shed" }`,
);

const sysctls = v.record(v.string(), v.pipe(v.number(), v.integer('a whole number')));

/** A story that is whole. */
export const STORY_SCHEMA = v.strictObject({
  title: sentence,
  why: sentence,
  topology: v.picklist(TOPOLOGY_NAMES),
  server,
  client: v.strictObject({
    program: v.picklist(CLIENT_PROGRAMS),
    arguments: v.optional(v.array(v.string())),
  }),
  sysctls: v.optional(v.record(v.picklist(HOST_NAMES), sysctls)),
  needs: v.optional(v.array(v.picklist(NEEDS))),
  balancer: v.optional(v.strictObject({ idleMs: v.pipe(v.number(), v.integer('a whole number')) })),
  prepare: v.optional(v.function()),
  ready: v.optional(v.function()),
  fault: v.optional(v.function()),
  expect: expected,
  ways: v.optional(v.record(sentence, expected)),
});

const causes = v.pipe(v.array(v.picklist(CAUSES)), v.nonEmpty('at least one cause'));

// They stand in the names of folders.
const storyName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
);

/** What says which stories there are; the rest of a lab is a story, or part of one. */
export const LAB_FRAME = v.looseObject({
  title: sentence,
  causes,
  variants: v.optional(
    v.pipe(
      v.record(storyName, v.looseObject({})),
      v.check((variants) => Object.keys(variants).length > 0, 'at least one variant'),
    ),
  ),
  cures: v.optional(v.record(storyName, v.looseObject({ of: v.optional(v.string()) }))),
});

const face = v.strictObject({
  type: sentence,
  errno: v.nullable(v.picklist(ERRNOS)),
  message: v.string(),
  or: v.optional(v.array(v.string())),
  note: v.optional(sentence),
});
const printed = v.strictObject({
  ...face.entries,
  at: v.picklist(STEP_NAMES),
  means: v.picklist(ERRNOS),
  errno: v.optional(v.picklist(ERRNOS)),
});
const faces = v.record(v.picklist(STEP_NAMES), v.record(v.picklist(ERRNOS), face));
const words = v.pipe(v.array(v.string()), v.nonEmpty('a command'));

const version = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^\d+(\.\d+)*$/, 'numbers with dots between them')),
  image: v.picklist(['default', 'on request', 'none']),
  debian: v.optional(sentence),
  npm: v.optional(sentence),
  faces: v.optional(faces),
});

const LACKING = [...PROGRAM_NAMES, ...BEHAVIOURS.map((name) => `server ${name}` as const)];

const difference = v.strictObject({
  lab: storyName,
  variant: v.optional(storyName),
  cure: v.optional(storyName),
  as: v.picklist(['client', 'server']),
  with: v.optional(words),
  because: sentence,
  link,
  expect: v.lazy((value) => (typeof value === 'string' ? sentence : expected)),
});

const surprise = v.strictObject({
  what: v.picklist(SURPRISES),
  says: sentence,
  labs: v.pipe(v.array(storyName), v.nonEmpty('at least one lab')),
  link: v.optional(link),
});

const surfacing = {
  run: v.strictObject(v.entriesFromList(PROGRAM_NAMES, v.optional(words))),
  lacks: v.optional(v.record(v.picklist(LACKING), sentence)),
  faces,
  hides: v.optional(v.array(v.picklist(ERRNOS))),
  endsAs: v.optional(v.picklist(ERRNOS)),
  differs: v.optional(v.array(difference)),
  surprises: v.optional(v.array(surprise)),
};

/** Each program is there, or it is said why not. */
function hasAll({ run, lacks = {} }: { run: object; lacks?: object | undefined }): boolean {
  return PROGRAM_NAMES.every((name) => name in run !== name in lacks);
}

const ALL = `each program either in \`run\` or, with the reason, in \`lacks\`: ${PROGRAM_NAMES.join(', ')}`;

/** What `language.ts` must export. */
export const LANGUAGE_SCHEMA = v.pipe(
  v.strictObject({
    title: sentence,
    sources: v.array(v.string()),
    ...surfacing,
    compile: v.optional(words),
    toolchain: v.strictObject({
      commands: words,
      version: words,
      itself: v.optional(words),
      debian: sentence,
      homes: v.optional(v.array(v.string())),
    }),
    seen: v.pipe(v.array(sentence), v.nonEmpty('the versions with which its faces were seen')),
    versions: v.optional(
      v.pipe(
        v.array(version),
        v.check(
          (versions) => versions.filter(({ image }) => image === 'default').length === 1,
          'versions of which exactly one has the image "default"',
        ),
      ),
    ),
    style: v.optional(
      v.array(v.strictObject({ name: sentence, command: words, install: sentence })),
    ),
    marks: v.optional(v.array(v.instance(RegExp, 'a regular expression'))),
    printed: v.optional(v.array(printed)),
    flavours: v.optional(
      v.record(
        storyName,
        v.pipe(
          v.strictObject({ title: sentence, ...surfacing }),
          v.check((value) => hasAll(value), ALL),
        ),
      ),
    ),
  }),
  v.check((value) => hasAll(value), ALL),
);

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
