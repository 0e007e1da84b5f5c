import type { MakeCommandLine } from '../snapshot/again.ts';
import { type ExitStatus, UserError } from '../user-error.ts';
import type { SnapshotOptions } from './snapshot-options.ts';

/** Packs a run into one file, or opens such a file; see `npm run snapshot -- --help`. */
export async function snapshotCommand(
  folder: string | undefined,
  options: SnapshotOptions,
  makeCommandLine: MakeCommandLine,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  assertTogether(folder, options);
  const { open } = options;
  if (open === undefined) {
    const { packCommand } = await import('./snapshot-pack.ts');
    return await packCommand(folder, options, makeCommandLine, interruption);
  }
  const { openCommand } = await import('./snapshot-open.ts');
  return await openCommand({ ...options, open }, makeCommandLine, interruption);
}

/** @throws UserError for options that do not belong together */
function assertTogether(folder: string | undefined, options: SnapshotOptions): void {
  const { open, check, output, rerun } = options;
  const wrong = [
    [open && folder, `--open and ${folder} do not go together. Open, or pack.`],
    [open && check, '--open and --check do not go together. Open, or pack.'],
    [open && output, '--open and --output do not go together. Open, or pack.'],
    [!open && rerun, '--rerun is of a snapshot that is opened: --open FILE --rerun'],
    [check && folder, `--check and ${folder} do not go together. Name one of them.`],
    ...(['language', 'exercise', 'engine'] as const).map((key) => [
      !check && options[key],
      `--${key} is of a check: --check LAB --${key} ${options[key]}`,
    ]),
  ].find(([isWrong]) => Boolean(isWrong));
  if (wrong !== undefined) throw new UserError(String(wrong[1]));
}
