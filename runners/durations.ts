import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { EngineName } from './engines/engine.ts';
import { inProject } from './paths.ts';
import type { Cell } from './plan.ts';
import { messageOf, UserError } from './user-error.ts';

/** How long the cells of a story take, in milliseconds, by engine. */
export type Durations = Readonly<
  Record<string, { readonly [engine in EngineName]?: number | undefined } | undefined>
>;

/** Written by `npm run bench -- --save`; a hint only: no verdict depends on it. */
export const DURATIONS_FILE = 'labs/durations.json';

const SCHEMA = v.record(
  v.string(),
  v.partial(v.strictObject({ local: duration(), docker: duration() })),
);

/** What a story without a measurement is taken for. */
const USUAL_MS = 1_000;

/** @throws UserError where the file is not what it must be */
export async function loadDurations(file = inProject(DURATIONS_FILE)): Promise<Durations> {
  try {
    return v.parse(SCHEMA, JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UserError(
      `${DURATIONS_FILE} cannot be used: ${messageOf(error)}. Measure it again: npm run bench -- --save`,
    );
  }
}

/** A story's key in the file: its number, name, variant and cure. */
export function storyKey(story: {
  readonly number: string;
  readonly name: string;
  readonly variant: string | null;
  readonly cure: string | null;
}): string {
  const { number, name, variant, cure } = story;
  return [number, name, variant, cure].filter((part) => part !== null).join(' ');
}

/** A cell's expected duration, in milliseconds. */
export function expectedMs(durations: Durations, { lab, engine }: Cell): number {
  return durations[storyKey(lab)]?.[engine] ?? USUAL_MS;
}

function duration() {
  return v.pipe(v.number(), v.integer(), v.minValue(1));
}
