import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Errno } from '../catalog/errno.ts';
import type { StepOutcome } from '../catalog/expectation.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { HostError } from '../engines/agent/host-error.ts';
import type { Observation } from '../evidence/observation.ts';
import { inProject } from '../paths.ts';
import { messageOf } from '../user-error.ts';
import { same, wordings } from '../verdict/program.ts';
import { shownBy } from '../verdict/shown.ts';
import {
  type Assignment,
  type Checked,
  type Checker,
  clientOf,
} from '../workshop/checks/checker.ts';
import { fileNameOf, isIn, solutionText, starterText } from '../workshop/lessons/material.ts';
import { telling } from '../workshop/lessons/telling.ts';
import { type Finding, wrong } from './finding.ts';

/**
 * Programs that only look as if they solved an exercise; all that are tried must be refused. By what they are tried
 * in, each exercise of a role (`server`) or a single one (`04-graceful`), and by language.
 */
const CHEATS = 'test/fixtures/cheats';

/** What a check of an exercise's own programs has shown. */
export type Trial = {
  readonly what: 'starter' | 'solution' | 'cheat' | 'no cheat';
  /** Of a cheat: its file. */
  readonly name: string;
  /** Null: it is as it must be. */
  readonly found: Finding | null;
};

/** Tries the starter, the model solution and all cheats of an exercise in a language. */
export async function tryAll(
  checker: Pick<Checker, 'check'>,
  assignment: Assignment,
): Promise<Trial[]> {
  const { language, name, folder } = assignment;
  if (!(await isIn(assignment, language))) {
    const file = `${folder}/starter/${fileNameOf(assignment, language)}`;
    return [{ what: 'starter', name, found: wrong(`${file} is missing`) }];
  }
  const cheats = await cheatsOf(language, assignment);
  const trial = async (
    what: Trial['what'],
    name: string,
    text: string,
    whatIsWrong: (checked: Checked) => string | null,
  ): Promise<Trial> => {
    const check = () => checker.check(assignment, text);
    const found = await check()
      // Where hosts could not do their part, on a busy machine say, nothing is known of the program.
      .catch((error) => {
        if (error instanceof HostError) return check();
        throw error;
      })
      .then((checked) => findingOf(checked, whatIsWrong), unknown);
    return { what, name, found };
  };
  const client = await clientOf(assignment);
  const starter = await starterText(assignment, language);
  const solution = await solutionText(assignment, language);
  return [
    await trial('starter', name, starter, (checked) => wrongStarter(checked, assignment, client)),
    await trial('solution', name, solution, ({ verdict, points }) => {
      const open = points.filter(({ standing }) => standing !== 'met');
      return verdict === 'pass'
        ? null
        : open.map(({ asks, shows }) => `${asks}: ${shows}`).join('; ');
    }),
    ...(cheats.length > 0 ? [] : [noCheat(assignment)]),
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

/** What could not be judged is neither right nor wrong. */
function findingOf(
  checked: Checked,
  whatIsWrong: (checked: Checked) => string | null,
): Finding | null {
  if (checked.verdict === 'unknown') {
    const open = checked.points.find(({ standing }) => standing === 'unknown');
    return { kind: 'unknown', says: `${open?.asks}: ${open?.shows}` };
  }
  const says = whatIsWrong(checked);
  return says === null ? null : wrong(says);
}

/** Of a check that could not be made. */
function unknown(error: unknown): Finding {
  return { kind: 'unknown', says: messageOf(error) };
}

/** @param client the language of who tells how it ended */
function wrongStarter(
  { verdict, ran }: Checked,
  { exercise }: Assignment,
  client: NamedLanguage,
): string | null {
  if (verdict !== 'fail') return `it does not fail: ${verdict}`;
  const end = ran === null ? undefined : endOf(ran.observation, client);
  const reasons = exercise.fails.flatMap((outcome) => shownBy([outcome], client));
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

/** Without one nothing shows that anything would be refused. */
function noCheat({ exercise, language, name }: Assignment): Trial {
  const folder = `${CHEATS}/${exercise.changes}/${language.of}/`;
  return {
    what: 'no cheat',
    name,
    found: wrong(`write a program that must be refused: ${folder}`),
  };
}

async function cheatsOf(
  language: NamedLanguage,
  { exercise, cure, name }: Assignment,
): Promise<{ name: string; text: string }[]> {
  const to = fileNameOf({ exercise }, language).replace(/\..*$/, '');
  const found = await Promise.all(
    [exercise.changes, `${cure.number}-${name}`].map(async (of) => {
      const folder = join(inProject(CHEATS), of, language.of);
      const files = await readdir(folder).catch(() => []);
      return await Promise.all(
        files.map(async (file) => {
          const text = await readFile(join(folder, file), 'utf8');
          // A class bears the name of its file.
          const own = file.replace(/\..*$/, '');
          return { name: file, text: text.replaceAll(new RegExp(`\\b${own}\\b`, 'g'), to) };
        }),
      );
    }),
  );
  return found.flat();
}
