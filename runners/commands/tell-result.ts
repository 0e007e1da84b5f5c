import { relative } from 'node:path';
import { ROOT } from '../paths.ts';
import { runReport } from '../reports/terminal/run-report.ts';
import { screenOf } from '../reports/terminal/text.ts';
import type { RunResult } from '../results/result.ts';
import type { Ended } from '../session.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { type ReportFileOptions, writeReportFiles } from './report-files.ts';

export type ReportOptions = ReportFileOptions & {
  /** One JSON object on standard output, and nothing else. */
  readonly json: boolean;
  readonly verbose: boolean;
};

/** Shows a result in the way that was asked for, and writes the reports that were asked for. */
export async function tellResult(
  result: RunResult,
  how: ReportOptions & {
    /** Where it lies; undefined if nothing was kept. */
    readonly folder: string | undefined;
    /** The command to try next. */
    readonly next: string | undefined;
  },
): Promise<void> {
  await show(result, how);
  await writeReportFiles(how, result, how.folder);
}

async function show(result: RunResult, how: Parameters<typeof tellResult>[1]): Promise<void> {
  if (how.json) return await write(process.stdout, `${JSON.stringify(result)}\n`);
  const { folder } = how;
  const isOurs = folder !== undefined && !relative(ROOT, folder).startsWith('..');
  const lines = runReport(result, screenOf(process.stdout), {
    verbose: how.verbose,
    folder: isOurs ? 'results/latest' : folder,
    next: how.next,
  });
  await write(process.stdout, `${lines.join('\n')}\n`);
}

/** The documented exit status; what a person must mend is said on standard error. */
export function statusOf(
  { result: { verdict }, problem }: Ended,
  interruption: AbortSignal,
): ExitStatus {
  if (interruption.aborted) return EXIT.interrupted;
  if (problem) process.stderr.write(`${problem.message}\n`);
  if (verdict === 'fail') return EXIT.fail;
  if (problem) return problem.exitStatus;
  return verdict === 'pass' ? EXIT.pass : EXIT.unknown;
}

/** Waits until all is written: a pipe may be slower than we are. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
