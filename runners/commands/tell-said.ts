import type { Said } from '../docs/make.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

/** Says what became of pages: what is well on standard output, all else on standard error. */
export function tellSaid({ status, text }: Said): ExitStatus {
  (status === EXIT.pass ? process.stdout : process.stderr).write(`${text}\n`);
  return status;
}
