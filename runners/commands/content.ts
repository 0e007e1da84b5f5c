import { randomBytes } from 'node:crypto';
import { type NamedLanguage, USUAL } from '../catalog/language.ts';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { type Finding, wrong } from '../content/finding.ts';
import { exercisesPage } from '../content/page.ts';
import { type Content, ruleFindings } from '../content/rules.ts';
import { tryAll } from '../content/trial.ts';
import { type Tried, trialFindings, trialTable } from '../content/trial-table.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { Limit } from '../limit.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { Checker } from '../workshop/checks/checker.ts';
import { lessonsIn, loadLessons } from '../workshop/lessons/load.ts';
import type { NamedLesson } from '../workshop/lessons/named-lesson.ts';
import { tellSaid } from './tell-said.ts';

export type ContentOptions = {
  readonly language: readonly string[];
  readonly engine: EngineChoice;
  /** Writes the page of the exercises anew, and does nothing else. */
  readonly save: boolean;
  readonly json: boolean;
};

/**
 * How many programs are tried at the same time. Most of the time is waiting, for a deadline, or a timeout of the system;
 * but each try in Docker may start containers of its own.
 */
const AT_ONCE = { local: 6, docker: 3 } as const;

/** Holds the workshop's content against its rules, and tries the exercises; see `npm run content -- --help`. */
export async function contentCommand(
  names: readonly string[],
  { language, engine, save, json }: ContentOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const stories = await loadLabs(names.length > 0 ? names : ['all']);
  const lessons = await loadLessons(stories);
  const languages = await loadLanguages(language.length > 0 ? language : USUAL, '--language');
  const known = (await loadLanguages(['all'], '--language')).filter(({ name, of }) => name === of);
  const content = { lessons, stories, languages, known };
  const isAll = names.length === 0;
  if (save) return await savePage(content, isAll);
  const rules = [...(await ruleFindings(content)), ...(isAll ? await pageFindings(content) : [])];
  const tried = await tryExercises(content, engine, interruption);
  if (interruption.aborted) return EXIT.interrupted;
  const findings = [...rules, ...trialFindings(tried)];
  const lines = json
    ? [JSON.stringify({ rules, exercises: tried.map(plain) }, null, 2)]
    : [...trialTable(tried), '', ...findingLines(findings, isAll)];
  process.stdout.write(`${lines.join('\n')}\n`);
  return statusOf(findings);
}

function plain({ of: [lab, exercise, language], trials }: Tried) {
  return { lab, exercise, language, trials };
}

function statusOf(findings: readonly Finding[]): ExitStatus {
  if (findings.some(({ kind }) => kind === 'wrong')) return EXIT.fail;
  return findings.length > 0 ? EXIT.unknown : EXIT.pass;
}

function findingLines(findings: readonly Finding[], isAll: boolean): string[] {
  const page = isAll ? ', the page of the exercises' : '';
  if (findings.length === 0) return [`Texts, files, style${page}: all as the rules want them.`];
  return findings.map(({ kind, says }) => `${kind}: ${says}`);
}

async function savePage({ lessons, known }: Content, isAll: boolean): Promise<ExitStatus> {
  if (!isAll) throw new UserError('--save writes the page of all exercises: name no lab with it.');
  return tellSaid(await exercisesPage(lessons, known, false));
}

async function pageFindings({ lessons, known }: Content): Promise<Finding[]> {
  const { status, text } = await exercisesPage(lessons, known, true);
  return status === EXIT.pass ? [] : [wrong(text)];
}

async function tryExercises(
  { lessons, languages }: Content,
  engine: EngineChoice,
  interruption: AbortSignal,
): Promise<Tried[]> {
  const tell = progressLine(process.stderr);
  const runId = `content-${randomBytes(3).toString('hex')}`;
  const choice = await chooseEngine(engine);
  const checker = await Checker.open(choice, runId, tell.say);
  const stop = () => void checker.close().catch(() => {});
  interruption.addEventListener('abort', stop, { once: true });
  const turns = new Limit(AT_ONCE[choice.name]);
  const inTurn: Pick<Checker, 'check'> = {
    check: (assignment, text) => turns.run(() => checker.check(assignment, text)),
  };
  const all = await Promise.all(languages.map((one) => exercisesIn(one, lessons)));
  try {
    return await Promise.all(
      all.flat().map(async ({ folder, task, language }) => {
        const of = [folder, task.name, language.name];
        const trials = await tryAll(inTurn, { ...task, language });
        tell.say(`tried ${of.join(' ')}`);
        return { of, trials };
      }),
    );
  } finally {
    interruption.removeEventListener('abort', stop);
    await checker.close();
    tell.end();
  }
}

/** Other languages than the usual ones need not have starters of servers. */
async function exercisesIn(language: NamedLanguage, lessons: readonly NamedLesson[]) {
  const own = USUAL.includes(language.name) ? lessons : await lessonsIn(lessons, language);
  return own.flatMap(({ folder, tasks }) => tasks.map((task) => ({ folder, task, language })));
}
