import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { type Document, parseDocument } from 'yaml';
import { messageOf, UserError } from '../user-error.ts';

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

/** A participant's state: one readable file, which is whole at every moment. */
export class Progress {
  readonly file: string;
  readonly #document: Document;

  private constructor(file: string, document: Document) {
    this.file = file;
    this.#document = document;
  }

  /**
   * Reads the file, or begins a new one, which is written with the first change.
   *
   * @throws UserError for a file that cannot be used; it is left as it is
   */
  static async read(file: string): Promise<Progress> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw unusable(file, messageOf(error));
    });
    if (text === undefined) return new Progress(file, begun());
    const document = parseDocument(text);
    const [problem] = document.errors;
    if (problem !== undefined) throw unusable(file, firstLine(problem.message));
    const { success, issues } = v.safeParse(SCHEMA, plainOf(document, file));
    if (success) return new Progress(file, document);
    const [issue] = issues;
    const key = issue.path?.map(({ key }) => String(key)).join('.') ?? 'the file';
    if (key === 'version') {
      throw new UserError(
        `${file}: \`version\` is ${issue.received}, and this workshop knows 1 only. Take the version of the workshop that wrote it, or begin anew: npm run workshop -- --reset all`,
      );
    }
    throw unusable(file, `\`${key}\`: ${issue.message}`);
  }

  get language(): string | undefined {
    return this.#document.get('language') as string | undefined;
  }

  /** @param lab its folder: `04-crash-server` */
  lab(lab: string): LabProgress {
    const node = this.#document.getIn(['labs', lab]);
    return node === undefined ? {} : (v.parse(SCHEMA, this.#document.toJS()).labs[lab] ?? {});
  }

  choose(language: string): Promise<void> {
    this.#document.set('language', language);
    return this.#write();
  }

  /** Keeps something of a lab. */
  set(lab: string, path: readonly string[], value: string | number | boolean): Promise<void> {
    this.#document.setIn(['labs', lab, ...path], value);
    return this.#write();
  }

  /** Forgets one lab, or all; the language stays. */
  forget(lab?: string): Promise<void> {
    if (lab === undefined) this.#document.delete('labs');
    else if (this.#document.has('labs')) this.#document.deleteIn(['labs', lab]);
    return this.#write();
  }

  /** The old file stands until the new one is whole, and on the disk. */
  async #write(): Promise<void> {
    const making = `${this.file}.${process.pid}.new`;
    try {
      await mkdir(dirname(this.file), { recursive: true });
      const handle = await open(making, 'w');
      try {
        await handle.writeFile(this.#document.toString());
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(making, this.file);
    } catch (error) {
      await rm(making, { force: true }).catch(() => {});
      throw new UserError(
        `${this.file} cannot be written: ${messageOf(error)}. Make room there, or let yourself write there.`,
      );
    }
  }
}

function begun(): Document {
  const document = parseDocument('version: 1\n');
  document.commentBefore = HEAD;
  return document;
}

/** An alias in it may lead nowhere, or to too much. */
function plainOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw unusable(file, messageOf(error));
  }
}

function unusable(file: string, why: string): UserError {
  return new UserError(
    `${file} cannot be used: ${why}. Mend it, or begin anew: npm run workshop -- --reset all`,
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? '';
}
