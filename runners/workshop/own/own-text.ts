import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { messageOf, UserError } from '../../user-error.ts';
import { FILE, shownPath, whatIs } from '../files/place.ts';
import { NoTextError, textOf } from '../files/text-file.ts';

/** A participant's file for an exercise. */
export type OwnFile = {
  readonly path: string;
  /** As a person types it. */
  readonly shown: string;
};

const OR_ANOTHER = 'or give it another name: the starter is laid out again then.';

/**
 * The text of a participant's file.
 *
 * @throws UserError where no program can be there, with what is
 */
export async function ownText(file: OwnFile): Promise<string> {
  await assertOwn(file);
  const text = textOfOwn(file);
  if (text === undefined) {
    throw new UserError(
      `${file.shown} is not there any more. Run the same command again: the starter is laid out then.`,
    );
  }
  if (text.trim() === '') throw problemOf(file, 'is empty');
  return text;
}

function textOfOwn(file: OwnFile): string | undefined {
  try {
    return textOf(file.path);
  } catch (error) {
    if (error instanceof NoTextError) throw problemOf(file, error.message);
    throw error;
  }
}

/** @throws UserError for what is no file, and for a file that is not the workshop's */
export async function assertOwn(file: OwnFile): Promise<void> {
  try {
    const what = whatIs(file.path);
    if (what === undefined) return;
    if (what !== FILE) throw problemOf(file, `is ${what}`);
    await assertInside(file, file.path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw problemOf(file, `cannot be read (${messageOf(error)})`);
  }
}

/**
 * A link may lead to a file that is nobody's to compile, copy and show.
 *
 * @param path the file's, or its folder's
 */
export async function assertInside(file: OwnFile, path: string): Promise<void> {
  const [workshop, real] = await Promise.all([realpath(join(file.path, '../..')), realpath(path)]);
  const way = relative(workshop, real);
  if (!way.startsWith('..') && !isAbsolute(way)) return;
  throw new UserError(
    `${shownPath(path)} leads out of the workshop's folder, to ${real}. Put your program itself there, ${OR_ANOTHER}`,
  );
}

function problemOf({ shown }: OwnFile, problem: string): UserError {
  return new UserError(`${shown} ${problem}. Write your program there, ${OR_ANOTHER}`);
}
