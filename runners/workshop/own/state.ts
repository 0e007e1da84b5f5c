import * as v from 'valibot';
import { type Document, isNode, parseDocument, visit } from 'yaml';
import { messageOf, UserError } from '../../user-error.ts';

const HEAD = ` Where you are in the workshop. Read it, keep it, carry it to another machine.
 It is written by \`npm run workshop\`; without it the workshop begins anew.`;

const TIME = v.pipe(v.string(), v.isoTimestamp());

/** What is kept of one lab. Loose: what a later version adds is not lost. */
const OF_LAB = v.looseObject({
  /** The answer that was chosen. */
  predicted: v.optional(v.string()),
  /** When the lab was run. */
  ran: v.optional(TIME),
  /** By exercise. */
  solved: v.optional(v.record(v.string(), TIME)),
  /** How many hints were shown, by exercise. */
  hints: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)))),
  skipped: v.optional(v.boolean()),
});

const SCHEMA = v.looseObject({
  version: v.literal(1),
  language: v.optional(v.string()),
  labs: v.optional(v.record(v.string(), OF_LAB), {}),
});

export type LabProgress = v.InferOutput<typeof OF_LAB>;
export type State = v.InferOutput<typeof SCHEMA>;

const BEGUN = 'version: 1\n';
const BOM = '\ufeff';

/**
 * What a file of a participant's state says.
 *
 * @param text undefined where there is no file
 * @param file its name, for the error
 * @throws UserError for what is none
 */
export function stateOf(text: string | undefined, file: string): State {
  return checked(plainOf(documentOf(text ?? BEGUN, file), file), file);
}

/**
 * The text with a change. All else that a person and a later version have written stays: comments, unknown keys, the way
 * in which lines end.
 *
 * @returns the very text where nothing changes
 * @throws UserError where the text is no state: it cannot be changed without losing something
 */
export function changed(
  text: string | undefined,
  file: string,
  change: (document: Document) => void,
): string | undefined {
  const document = documentOf(text ?? BEGUN, file);
  if (text === undefined) document.commentBefore = HEAD;
  checked(plainOf(document, file), file);
  spellOut(document, file);
  const before = document.toString({ lineWidth: 0 });
  change(document);
  const { success, issues } = v.safeParse(SCHEMA, document.toJS());
  if (!success) throw new Error(`a state that cannot be read again: ${issues[0].message}`);
  const after = document.toString({ lineWidth: 0 });
  if (after === before) return text;
  const lines = text?.includes('\r\n') ? after.replaceAll('\n', '\r\n') : after;
  return text?.startsWith(BOM) ? BOM + lines : lines;
}

/** An alias cannot be changed, and what it stands for must not change with it. */
function spellOut(document: Document, file: string): void {
  visit(document, {
    Alias(_, alias, path) {
      const meant = alias.resolve(document);
      if (path.some((node) => node === meant))
        throw unusable(file, `*${alias.source} is in itself`);
      const copy = meant?.clone();
      if (!isNode(copy)) return undefined;
      if ('anchor' in copy) delete copy.anchor;
      return copy;
    },
  });
}

function documentOf(text: string, file: string): Document {
  const document = guarded(file, () => parseDocument(text));
  const [problem] = document.errors;
  if (problem !== undefined) throw unusable(file, firstLine(problem.message));
  return document;
}

/** An alias in it may lead nowhere, or to too much. */
function plainOf(document: Document, file: string): unknown {
  return guarded(file, () => document.toJS());
}

/** What is too deep overflows the stack of who reads it. */
function guarded<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unusable(file, messageOf(error));
  }
}

function checked(plain: unknown, file: string): State {
  const { success, output, issues } = v.safeParse(SCHEMA, plain);
  if (success) return output;
  const [issue] = issues;
  const key = issue.path?.map(({ key }) => String(key)).join('.') ?? 'the file';
  if (key === 'version') {
    throw new UserError(
      `${file}: \`version\` is ${issue.received}, and this workshop knows 1 only. Take the version of the workshop that wrote it, or begin anew: npm run workshop -- --reset all`,
    );
  }
  throw unusable(file, `\`${key}\`: ${issue.message}`);
}

export function unusable(file: string, why: string): UserError {
  return new UserError(
    `${file} cannot be used: ${why}. Mend it, or begin anew: npm run workshop -- --reset all`,
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? '';
}
