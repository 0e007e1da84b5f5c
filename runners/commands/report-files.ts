import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { ROOT } from '../paths.ts';
import type { RunResult } from '../results/result.ts';
import { EnvironmentError, messageOf, UserError } from '../user-error.ts';

export type ReportFileOptions = {
  /** A file for JUnit XML. */
  readonly junit?: string;
  /** A file for Markdown. */
  readonly summary?: string;
};

/**
 * Empties the files for reports: that they cannot be written is told before minutes of work, and what an
 * earlier run has left there is not taken for this one's.
 *
 * @throws UserError where one cannot be written
 */
export async function openReportFiles({ junit, summary }: ReportFileOptions): Promise<void> {
  if (junit !== undefined && summary !== undefined && resolve(junit) === resolve(summary)) {
    throw new UserError(`--junit and --summary are both ${junit}. Name two files.`);
  }
  if (junit !== undefined) await open('--junit', junit);
  if (summary !== undefined) await open('--summary', summary);
}

/**
 * Writes the reports that were asked for.
 *
 * @param folder where the run's evidence lies; undefined if nothing was kept
 * @throws EnvironmentError where one could not be written after all
 */
export async function writeReportFiles(
  { junit, summary }: ReportFileOptions,
  result: RunResult,
  folder: string | undefined,
): Promise<void> {
  const shown = shownFolder(result, folder);
  if (junit !== undefined) {
    const { junitReport } = await import('../reports/junit.ts');
    await write('--junit', junit, junitReport(result, shown));
  }
  if (summary !== undefined) {
    const { markdownSummary } = await import('../reports/markdown.ts');
    await write('--summary', summary, markdownSummary(result, shown));
  }
}

async function open(option: string, file: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(file, '');
  } catch (error) {
    throw new UserError(`${option} ${file} cannot be written: ${messageOf(error)}. Name another.`);
  }
}

async function write(option: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new EnvironmentError(
      `${option} ${file} could not be written: ${messageOf(error)}. The run itself is kept.`,
    );
  }
}

/** As a person finds it from the project's folder. */
function shownFolder({ id }: RunResult, folder: string | undefined): string {
  if (folder === undefined) return `results/${id}`;
  const shown = relative(ROOT, folder);
  return shown.startsWith('..') ? folder : shown;
}
