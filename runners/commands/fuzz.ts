import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, fuzz } from '../fuzz/fuzzer.ts';
import { TARGETS } from '../fuzz/targets.ts';
import { CACHE } from '../paths.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';

export type FuzzCommandOptions = {
  readonly minutes: number;
  readonly seed?: number;
  readonly target?: readonly string[];
};

/** Feeds changed inputs to all that reads foreign bytes; see `npm run fuzz -- --help`. */
export async function fuzzCommand(
  { minutes, seed = newSeed(), target }: FuzzCommandOptions,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const names = TARGETS.map(({ name }) => name);
  const unknown = target?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`There is no target "${unknown}". Take of: ${names.join(', ')}.`);
  }
  const targets = TARGETS.filter(({ name }) => target?.includes(name) ?? true);
  process.stdout.write(`seed ${seed}, ${minutes} min\n`);
  const untilMs = performance.now() + minutes * 60_000;
  const { findings, tallies } = await fuzz(targets, { seed, untilMs, signal });
  for (const { target: name, inputs, outcomes } of tallies) {
    process.stdout.write(`${name.padEnd(10)}${inputs} inputs, ${outcomes} kinds of outcome\n`);
  }
  for (const [place, finding] of findings.entries()) tell(finding, `${seed}-${place + 1}`);
  const inputs = tallies.reduce((sum, one) => sum + one.inputs, 0);
  process.stdout.write(`${inputs} inputs, ${findings.length} findings\n`);
  if (findings.length > 0) return EXIT.fail;
  return signal.aborted ? EXIT.interrupted : EXIT.pass;
}

function tell({ target, problem, input }: Finding, id: string): void {
  const folder = join(CACHE, 'fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target}-${id}`);
  writeFileSync(file, input);
  process.stdout.write(`\n${target}: ${problem}\n  ${input.length} bytes, in ${file}\n\n`);
}

function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
