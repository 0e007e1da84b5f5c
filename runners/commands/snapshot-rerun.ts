import { join } from 'node:path';
import { chooseEngine } from '../engines/choose.ts';
import type { RunResult } from '../results/result.ts';
import type { CheckRecord } from '../snapshot/check-record.ts';
import { recordOf, runOfCheck } from '../snapshot/check-record.ts';
import { type Compared, compare, compareChecks } from '../snapshot/compare.ts';
import type { Opened } from '../snapshot/open.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { checkElsewhere } from '../workshop/checks/one-check.ts';
import { ownLanguage } from '../workshop/own/own-language.ts';
import { runLabs } from './lab.ts';
import { statusOf } from './tell-result.ts';

export type Rerun = {
  /** Where its own evidence lies; null where nothing was kept. */
  readonly folder: string | null;
  readonly cells: readonly Compared[];
  /** Whether all came to the same. */
  readonly same: boolean;
  readonly status: ExitStatus;
};

type How = {
  /** Where the snapshot lies. */
  readonly folder: string;
  readonly command: string | null;
  readonly results: string;
  readonly interruption: AbortSignal;
  readonly say: (text: string) => void;
};

/**
 * Lets what is in a snapshot happen again here.
 *
 * @param show is shown a run of labs, and where it lies
 * @throws UserError where nothing repeats it, or it must not be run unread
 */
export async function rerunSnapshot(
  opened: Opened,
  how: How,
  show: (run: RunResult, folder: string | undefined) => void,
): Promise<Rerun> {
  const { asked, manifest, check, result } = opened;
  if (asked === null) throw new UserError(`It is not run again: ${manifest.whyNot}.`);
  if (asked.command === 'check' && check !== null) return await rerunCheck(opened, check, how);
  if (asked.command !== 'lab') throw new Error('a check without its record');
  let kept: string | undefined;
  const { names, options } = asked;
  const ended = await runLabs(
    names,
    { ...options, results: how.results },
    {
      choosing: chooseEngine(options.engine),
      command: how.command ?? '',
      interruption: how.interruption,
    },
    async (run, folder) => {
      kept = folder;
      show(run, folder);
    },
  );
  const cells = compare(result.cells, ended.result.cells);
  const status = statusOf(ended, how.interruption);
  const isOff = status === EXIT.interrupted || ended.problem !== undefined;
  return { ...concluded(cells), folder: kept ?? null, ...(isOff && { status }) };
}

async function rerunCheck(
  { asked, result }: Opened,
  check: CheckRecord,
  { folder, command, interruption, say }: How,
): Promise<Rerun> {
  if (asked?.command !== 'check') throw new Error('no check');
  const { names: labs, options } = asked;
  const { engine, exercise } = options;
  const language = await ownLanguage(options.language ?? check.language, '--language');
  if (language.compile !== undefined && (await chooseEngine(engine)).name === 'local') {
    throw new UserError(
      `${language.title} is compiled before it runs, in the local engine with your rights and outside of the lab's hosts. Read ${join(folder, check.file)} first, then run: ${command}`,
    );
  }
  const workshop = join(folder, 'workshop');
  const startedAt = new Date().toISOString();
  let cells: readonly Compared[] = [];
  const words = { labs, exercise, engine, language: language.name, workshop };
  await checkElsewhere(words, { interruption, say }, (one) => {
    const here = { check: recordOf(one), cell: runOfCheck(one, startedAt).result.cells[0] };
    cells = [compareChecks({ check, cell: result.cells[0] }, here, one.engine.name)];
  });
  const status = interruption.aborted ? { status: EXIT.interrupted } : {};
  return { ...concluded(cells), folder: null, ...status };
}

function concluded(cells: readonly Compared[]): Pick<Rerun, 'cells' | 'same' | 'status'> {
  const same = cells.every((cell) => cell.same);
  const isOtherwise = cells.some((cell) => !cell.same && cell.here !== null);
  const status = isOtherwise ? EXIT.fail : same ? EXIT.pass : EXIT.unknown;
  return { cells, same, status };
}
