import { randomBytes } from 'node:crypto';
import { USUAL } from '../catalog/language.ts';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { Limit } from '../limit.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { row } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { Checker } from '../workshop/checker.ts';
import { type Trial, tryAll } from '../workshop/content.ts';
import { loadLessons } from '../workshop/load.ts';

export type ContentOptions = {
  readonly language: readonly string[];
  readonly engine: EngineChoice;
};

/** Most of the time is waiting: for a deadline, or a timeout of the system. */
const AT_ONCE = 6;

/** Tries what the exercises give and expect; see `npm run content -- --help`. */
export async function contentCommand(
  names: readonly string[],
  { language, engine }: ContentOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const lessons = await loadLessons(await loadLabs(names.length > 0 ? names : ['all']));
  const languages = await loadLanguages(language.length > 0 ? language : USUAL, '--language');
  const tell = progressLine(process.stderr);
  const runId = `content-${randomBytes(3).toString('hex')}`;
  const checker = await Checker.open(await chooseEngine(engine), runId, tell.say);
  const stop = () => void checker.close().catch(() => {});
  interruption.addEventListener('abort', stop, { once: true });
  const turns = new Limit(AT_ONCE);
  const all = lessons.flatMap(({ folder, tasks }) =>
    tasks.flatMap((task) => languages.map((one) => ({ folder, task, language: one }))),
  );
  let found: { readonly of: string[]; readonly trials: readonly Trial[] }[];
  try {
    found = await Promise.all(
      all.map(({ folder, task, language }) =>
        turns.run(async () => {
          const of = [folder, task.name, language.name];
          const trials = await tryAll(checker, { ...task, language });
          tell.say(`tried ${of.join(' ')}`);
          return { of, trials };
        }),
      ),
    );
  } finally {
    interruption.removeEventListener('abort', stop);
    await checker.close();
    tell.end();
  }
  if (interruption.aborted) return EXIT.interrupted;
  process.stdout.write(`${table(found).join('\n')}\n`);
  const wrong = found.flatMap(({ of, trials }) =>
    trials.flatMap((one) =>
      one.wrong === null ? [] : [`${of.join(' ')}: ${one.what} ${one.name}: ${one.wrong}`],
    ),
  );
  if (wrong.length > 0) process.stdout.write(`\n${wrong.join('\n')}\n`);
  return wrong.length === 0 ? EXIT.pass : EXIT.fail;
}

function table(
  found: readonly { readonly of: readonly string[]; readonly trials: readonly Trial[] }[],
): string[] {
  const said = (trials: readonly Trial[], what: Trial['what'], good: string) => {
    const own = trials.filter((trial) => trial.what === what);
    const right = own.filter(({ wrong }) => wrong === null).length;
    return right === own.length
      ? `${good}${own.length > 1 ? ` (${own.length})` : ''}`
      : `WRONG ${own.length - right} of ${own.length}`;
  };
  const rows = [
    ['lab', 'exercise', 'language', 'starter', 'solution', 'cheats'],
    ...found.map(({ of, trials }) => [
      ...of,
      said(trials, 'starter', 'fails'),
      said(trials, 'solution', 'passes'),
      said(trials, 'cheat', 'refused'),
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) => row(cells, widths ?? []));
}
