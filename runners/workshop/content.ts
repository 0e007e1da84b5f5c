import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Errno } from '../catalog/errno.ts';
import type { StepOutcome } from '../catalog/expectation.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { sourceOf } from '../catalog/source.ts';
import type { Observation } from '../evidence/observation.ts';
import { inProject } from '../paths.ts';
import { messageOf } from '../user-error.ts';
import { same, wordings } from '../verdict/program.ts';
import { shownBy } from '../verdict/shown.ts';
import type { Assignment, Checked, Checker } from './checker.ts';
import { solutionText, sourceText } from './desk.ts';
import { telling } from './telling.ts';

/** Programs that only look as if they survived, by language; they must all be refused. */
const CHEATS = 'test/fixtures/cheats';

/** What a check of an exercise's own programs has shown. */
export type Trial = {
  readonly what: 'starter' | 'solution' | 'cheat';
  /** Of a cheat: its file. */
  readonly name: string;
  /** Null: it is as it must be. */
  readonly wrong: string | null;
};

/** Tries the starter, the model solution and all cheats of an exercise in a language. */
export async function tryAll(checker: Checker, assignment: Assignment): Promise<Trial[]> {
  const { language, exercise, cure } = assignment;
  const cheats = await cheatsOf(language, assignment);
  const trial = async (
    what: Trial['what'],
    name: string,
    text: string,
    wrong: (checked: Checked) => string | null,
  ): Promise<Trial> => {
    const found = await checker.check(assignment, text).then(wrong, messageOf);
    return { what, name, wrong: found };
  };
  const starter = await sourceText(language, exercise.starter);
  const solution = await solutionText(assignment, language);
  return [
    await trial('starter', exercise.starter, starter, (checked) =>
      wrongStarter(checked, assignment),
    ),
    await trial('solution', cure.client.program, solution, ({ verdict, points }) => {
      const open = points.find(({ standing }) => standing !== 'met');
      return verdict === 'pass' ? null : `${open?.asks}: ${open?.shows}`;
    }),
    ...(await Promise.all(
      cheats.map(({ name, text }) =>
        trial('cheat', name, text, ({ verdict, ran, compiler }) =>
          ran === null
            ? `it does not compile: ${compiler.join(' ')}`
            : verdict === 'fail'
              ? null
              : `it is not refused: ${verdict}`,
        ),
      ),
    )),
  ];
}

function wrongStarter(
  { verdict, ran }: Checked,
  { exercise, language }: Assignment,
): string | null {
  if (verdict !== 'fail') return `it does not fail: ${verdict}`;
  const end = ran === null ? undefined : endOf(ran.observation, language);
  const reasons = exercise.fails.flatMap((outcome) => shownBy([outcome], language));
  if (reasons.some(({ shown }) => shown === end)) return null;
  return `it fails by "${end}", which is not the lab's reason: ${exercise.fails.join(' or ')}`;
}

/** The telling end of a client, from its own report. */
function endOf(observation: Observation, language: NamedLanguage): StepOutcome | undefined {
  const { addresses, port, client } = observation;
  const peer = { address: addresses.peer, own: addresses.client, port };
  const reported = client?.report.steps ?? [];
  const steps = reported.map(({ step, end }): StepOutcome => {
    if (end === null) return `${step} blocked`;
    if (end.outcome !== 'error') return `${step} ${end.outcome}`;
    const faces = Object.entries(language.faces[step] ?? {});
    const met = faces.find(([, face]) =>
      wordings(face, peer).some((words) => same(end.error, words)),
    );
    return `${step} ${(met?.[0] ?? end.error.type) as Errno}`;
  });
  const last = steps.at(-1);
  return last?.endsWith(' blocked') ? last : steps.length > 0 ? telling(steps) : undefined;
}

async function cheatsOf(
  { of, ...language }: NamedLanguage,
  { exercise }: Assignment,
): Promise<{ name: string; text: string }[]> {
  const folder = join(inProject(CHEATS), of);
  const files = await readdir(folder).catch(() => []);
  const to = basename(sourceOf({ of, ...language }, exercise.starter)).replace(/\..*$/, '');
  return await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      // A class bears the name of its file.
      const own = file.replace(/\..*$/, '');
      return { name: file, text: text.replaceAll(new RegExp(`\\b${own}\\b`, 'g'), to) };
    }),
  );
}
