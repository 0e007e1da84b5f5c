import { availableParallelism } from 'node:os';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CAUSES, type Cause } from './catalog/lab.ts';
import { LEAVE_OUT, type LeaveOut } from './cell/leave-out.ts';
import type { DocsOptions } from './commands/docs.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { LabOptions } from './commands/lab.ts';
import type { VerifyOptions } from './commands/verify.ts';
import { chooseEngine, ENGINE_CHOICES } from './engines/choose.ts';
import { inProject } from './paths.ts';
import { PORTS } from './plan.ts';
import { EXIT, type ExitStatus, UserError } from './user-error.ts';

const STATUSES = `
Exit status: 0 all pass · 1 a cell failed · 2 usage or bad input · 3 nothing failed but something is
unknown or was not run · 4 the environment is not ready · 130 interrupted`;

/** The command line. Commands are imported only when they are called: start-up time is felt. */
export function commandLine(
  done: (status: ExitStatus) => void,
  interruption: AbortSignal,
): Command {
  const program = new Command('npm run')
    .description('Labs in which a TCP connection ends in one precise way, proved from three sides.')
    .helpCommand(false)
    .exitOverride();

  program
    .command('lab')
    .usage('[name or number …] [-- options]')
    .description('Run labs in all languages; without a name list them.')
    .argument('[names...]', 'crash-server, 04, 4, several of them, or "all"')
    .option('--client <languages>', 'clients, separated by commas, or "all"', list, ['all'])
    .option('--server <languages>', 'servers, separated by commas, or "all"', list, ['python'])
    .addOption(
      new Option('--engine <engine>', 'where the hosts are made; auto takes Docker if it answers')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option('--cured', 'run the cures of the labs in place of the plain stories', false)
    .addOption(
      new Option('--cause <causes>', `only labs of these causes: ${CAUSES.join(', ')}`).argParser(
        causes,
      ),
    )
    .option('--variant <names>', 'only these variants, or cures, of the labs', list)
    .addOption(
      new Option('--ip <version>', 'version of IP; 6: labs of topology direct only')
        .argParser(ipVersion)
        .default(4),
    )
    .option('--repeat <times>', 'let each cell happen so often', number(1, 100_000), 1)
    .addOption(jobsOption())
    .option('--json', 'print one JSON object (see runners/results/run.schema.json)', false)
    .option('--verbose', 'show the timeline of every cell, acknowledgements too', false)
    .addOption(
      new Option('--without <evidence>', `leave evidence out: ${LEAVE_OUT.join(', ')}`)
        .argParser(evidence)
        .default(new Set(), 'nothing'),
    )
    .addOption(resultsOption())
    .option('--name <name>', 'name of the run, and of all that it makes', runName)
    .option('--port <port>', "the first cell's port", number(PORTS.first, PORTS.last - 1))
    .option('--labs <folder>', 'take the labs from another folder')
    .addHelpText('after', STATUSES)
    .action(async (names: string[], options: LabOptions) => {
      // With a cause alone, all its labs are meant.
      if (names.length === 0 && options.cause) names.push('all');
      if (names.length === 0) {
        const { listCommand } = await import('./commands/list.ts');
        return done(await listCommand(options));
      }
      // Begun first: Docker's client is the slowest to load, and it loads beside all else.
      const choosing = chooseEngine(options.engine);
      choosing.catch(() => {});
      const { labCommand } = await import('./commands/lab.ts');
      done(await labCommand(names, options, interruption, choosing));
    });

  program
    .command('verify')
    .usage('[-- options]')
    .description('Run all labs in all pairs of languages, in each engine that is there.')
    .addOption(
      new Option('--engine <engine>', 'where; auto takes each that is there')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option('--repeat <times>', 'let each cell happen so often', number(1, 100_000), 1)
    .addOption(jobsOption())
    .option(
      '--json',
      'print two JSON objects per engine, a line each: the plain stories, the cures',
      false,
    )
    .addOption(resultsOption())
    .addHelpText('after', STATUSES)
    .action(async (options: VerifyOptions) => {
      const { verifyCommand } = await import('./commands/verify.ts');
      done(await verifyCommand(options, interruption));
    });

  program
    .command('docs')
    .usage('[-- options]')
    .description("Write the generated parts of the labs' pages from a run in the local engine.")
    .option('--check', 'write nothing; say whether the pages say what the labs show', false)
    .addOption(jobsOption())
    .addOption(
      new Option('--results <folder>', 'folder for the evidence').default(
        inProject('results/docs'),
        'results/docs',
      ),
    )
    .addHelpText(
      'after',
      '\nExit status: 0 written, or all is the same · 1 a cell failed, a statement is not proved, or pages differ\n  2 usage, or wrong markers · 3 not all was seen · 4 the environment is not ready · 130 interrupted',
    )
    .action(async (options: DocsOptions) => {
      const { docsCommand } = await import('./commands/docs.ts');
      done(await docsCommand(options, interruption));
    });

  program
    .command('doctor')
    .usage('[-- options]')
    .description('Show what this machine can do, what is missing, and the command that mends it.')
    .addOption(
      new Option('--engine <engine>', 'look at one engine only; auto looks at both')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option('--json', 'print one JSON object: ready, engines, checks', false)
    .addHelpText(
      'after',
      '\nExit status: 0 an engine can run labs in all languages · 2 usage · 4 none can',
    )
    .action(async (options: DoctorOptions) => {
      const { doctorCommand } = await import('./commands/doctor.ts');
      done(await doctorCommand(options));
    });

  program
    .command('images')
    .usage('[language or "tools" …]')
    .description('Build the Docker images that are not there; without a name all.')
    .argument('[names...]', 'java, tools, several of them, or "all"')
    .addHelpText('after', '\nExit status: 0 all are there · 2 usage · 4 one cannot be built')
    .action(async (names: string[]) => {
      const { imagesCommand } = await import('./commands/images.ts');
      done(await imagesCommand(names));
    });

  program
    .command('clean')
    .usage(' ')
    .description('Remove results, caches, and what this project has in Docker.')
    .addHelpText('after', '\nExit status: 0 all is clean · 2 a run is going on')
    .action(async () => {
      const { cleanCommand } = await import('./commands/clean.ts');
      done(await cleanCommand());
    });

  return program;
}

// Help must not depend on the machine, so these two say in words what is taken.
function jobsOption(): Option {
  return new Option('--jobs <cells>', 'cells at the same time')
    .argParser(number(1, 64))
    .default(Math.max(3, availableParallelism() + 1), 'processors + 1, 3 at least');
}

function resultsOption(): Option {
  return new Option('--results <folder>', 'folder for the evidence').default(
    inProject('results'),
    'results',
  );
}

function list(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError('Separate names by single commas.');
  return words;
}

function causes(text: string): Cause[] {
  const known: readonly string[] = CAUSES;
  const wrong = list(text).find((word) => !known.includes(word));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`There is no cause "${wrong}". Causes: ${CAUSES.join(', ')}.`);
  }
  return list(text) as Cause[];
}

function ipVersion(text: string): 4 | 6 {
  if (text === '4' || text === '6') return Number(text) as 4 | 6;
  throw new InvalidArgumentError('Write 4 or 6.');
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  };
}

function evidence(text: string): LeaveOut {
  const known: readonly string[] = LEAVE_OUT;
  for (const word of list(text)) {
    if (!known.includes(word)) {
      throw new InvalidArgumentError(`Only ${LEAVE_OUT.join(' and ')} can be left out.`);
    }
  }
  return new Set(list(text)) as unknown as LeaveOut;
}

function runName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) return text;
  throw new InvalidArgumentError('Write lower-case letters, digits and hyphens, 40 at most.');
}

/** Runs the command line to its end and leaves the process with the documented status. */
async function main(): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time somebody means it. What is left then is swept at the next start.
      if (interruption.signal.aborted) process.exit(EXIT.interrupted);
      process.stderr.write('\ninterrupted: cleaning up (again to leave at once)\n');
      interruption.abort();
    });
  }
  // Who reads us may have seen enough (`| head`): that ends neither the run nor its clean-up.
  process.stdout.on('error', () => {});
  let status: ExitStatus = EXIT.usage;
  try {
    await commandLine((result) => (status = result), interruption.signal).parseAsync();
  } catch (error) {
    status = statusOf(error, interruption.signal);
  }
  process.exitCode = status;
}

function statusOf(error: unknown, interruption: AbortSignal): ExitStatus {
  if (interruption.aborted) return EXIT.interrupted;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.pass;
    const [, , command = 'lab'] = process.argv;
    process.stderr.write(`Help: npm run ${command.startsWith('-') ? 'lab' : command} -- --help\n`);
    return EXIT.usage;
  }
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n`);
    return error.exitStatus;
  }
  // A fault of ours: the stack is what a maintainer needs.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.environment;
}

if (process.argv[1] && import.meta.filename === process.argv[1]) await main();
