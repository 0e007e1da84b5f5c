import type { Command } from 'commander';
import type { CheckOptions } from '../commands/check.ts';
import type { LabOptions } from '../commands/lab.ts';
import type { RunResult } from '../results/result.ts';
import { wordsOf } from '../shell-words.ts';

/** What the kit's own parser makes of a command line. */
export type Asked =
  | { readonly command: 'lab'; readonly names: readonly string[]; readonly options: LabOptions }
  | {
      readonly command: 'check';
      readonly names: readonly string[];
      readonly options: CheckOptions;
    };

/** The words after `npm run` that repeat a run; or why there are none. */
export type Again = { readonly again: string[] | null; readonly whyNot: string | null };

/** Makes a command line of the kit, whose actions may be replaced. */
export type MakeCommandLine = () => Command;

/** Options that say what is run; all others say where results go, or whose code is run. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  lab: [
    ...['client', 'server', 'engine', 'cured', 'cause', 'variant', 'ip', 'repeat', 'jobs', 'shard'],
    ...['without', 'port'],
  ],
  check: ['language', 'exercise', 'engine'],
};
/** Options of a run that make no difference to what happens; the engine is written anew. */
const LEFT_OUT = ['results', 'name', 'junit', 'summary', 'json', 'verbose', 'engine'];

/**
 * Reads words as the command line would, and does nothing.
 *
 * @throws Error where they are no run of labs and no check, or ask for what a stranger must not: to write a file, to
 *   take labs from another folder
 */
export function parseAgain(words: readonly string[], makeCommandLine: MakeCommandLine): Asked {
  const [name = ''] = words;
  const allowed = ALLOWED[name];
  if (allowed === undefined) throw new Error(`\`npm run ${name}\` is not run again`);
  const program = makeCommandLine();
  const command = program.commands.find((one) => one.name() === name);
  let asked: Asked | undefined;
  command?.configureOutput({ writeOut() {}, writeErr() {} });
  command?.action((names: string[], options: LabOptions & CheckOptions) => {
    asked =
      name === 'lab' ? { command: 'lab', names, options } : { command: 'check', names, options };
  });
  program.parse(words, { from: 'user' });
  const given = Object.keys(command?.opts() ?? {}).filter(
    (key) => command?.getOptionValueSource(key) === 'cli',
  );
  const wrong = given.find((key) => !allowed.includes(key));
  if (wrong !== undefined) throw new Error(`--${wrong} is not for others`);
  if (asked === undefined) throw new Error(`it is no command line of \`npm run ${name}\``);
  if (asked.command === 'lab' && asked.names.length === 0) {
    if (asked.options.cause === undefined) throw new Error('it names no lab');
    return { ...asked, names: ['all'] };
  }
  return asked;
}

/**
 * The words after `npm run` that repeat a run elsewhere, in the same engine; or why there are none.
 */
export function againOf(
  { command, engines }: Pick<RunResult, 'command' | 'engines'>,
  makeCommandLine: MakeCommandLine,
): Again {
  try {
    const [npm, run, ...words] = wordsOf(command);
    const [name = ''] = words;
    if (npm !== 'npm' || run !== 'run') throw new Error('it is no command of npm');
    const own = without(
      words,
      makeCommandLine().commands.find((one) => one.name() === name),
    );
    const [engine, ...others] = engines;
    const pinned = engine !== undefined && others.length === 0 ? ['--engine', engine.name] : [];
    const again = [...own, ...pinned];
    parseAgain(again, makeCommandLine);
    return { again, whyNot: null };
  } catch (error) {
    const [whyNot = ''] = (error as Error).message.replace(/^error: /, '').split('\n');
    return { again: null, whyNot };
  }
}

/** Without the options that make no difference, and without npm's own `--`. */
function without(words: readonly string[], command: Command | undefined): string[] {
  const kept: string[] = [];
  const divider = words.indexOf('--');
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (at === divider) continue;
    const [flag = ''] = word.split('=');
    const option = command?.options.find(({ long }) => long === flag);
    const hasValue = option?.required === true && !word.includes('=');
    if (option === undefined || !LEFT_OUT.includes(option.attributeName())) {
      kept.push(...words.slice(at, hasValue ? at + 2 : at + 1));
    }
    if (hasValue) at += 1;
  }
  return kept;
}
