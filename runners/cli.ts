import { Command, CommanderError, Option } from 'commander';
import { CAUSES } from './catalog/lab.ts';
import { LEAVE_OUT } from './cell/leave-out.ts';
import type { ChaosOptions } from './commands/chaos.ts';
import type { CheckOptions } from './commands/check.ts';
import type { ContentOptions } from './commands/content.ts';
import type { DocsOptions } from './commands/docs.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { FuzzCommandOptions } from './commands/fuzz.ts';
import type { LabOptions } from './commands/lab.ts';
import type { LiarsOptions } from './commands/liars.ts';
import type { MergeOptions } from './commands/merge.ts';
import type { MutantsOptions } from './commands/mutants.ts';
import type { NewLanguageOptions } from './commands/new-language.ts';
import type { SnapshotOptions } from './commands/snapshot-options.ts';
import type { VerifyOptions } from './commands/verify.ts';
import type { WorkshopOptions } from './commands/workshop.ts';
import { chooseEngine, ENGINE_CHOICES } from './engines/choose.ts';
import { outliveTerminal } from './hung-up.ts';
import {
  causes,
  checkOption,
  evidence,
  ipVersion,
  jobsOption,
  jsonOption,
  junitOption,
  list,
  number,
  repeatOption,
  resultsOption,
  runName,
  shardOption,
  summaryOption,
  verboseOption,
} from './options.ts';
import { inProject } from './paths.ts';
import { PORTS } from './plan.ts';
import { EXIT, type ExitStatus, UserError } from './user-error.ts';
import { FILTERS } from './workshop/own/course.ts';

const STATUSES = `
Exit status: 0 all pass · 1 a cell failed, or no cell needs a known difference any more · 2 usage or bad
input · 3 nothing failed but something is unknown or was not run · 4 the environment is not ready · 130
interrupted`;

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
    .option(
      '--client <languages>',
      'clients, java, java.channel or java@25, separated by commas; "usual": java, node and python; "all": each language and flavour',
      list,
      ['usual'],
    )
    .option(
      '--server <languages>',
      'servers, written in the same way; "same": each client meets the server of its own language',
      list,
      ['python'],
    )
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
    .addOption(repeatOption(100_000))
    .addOption(jobsOption())
    .addOption(shardOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(junitOption())
    .addOption(summaryOption())
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
    .description('Run all labs and cures in all pairs of languages, in each engine that is there.')
    .option(
      '--client <languages>',
      'clients, as for `npm run lab`; "all": each language and flavour',
      list,
      ['usual'],
    )
    .option(
      '--server <languages>',
      'servers, written in the same way; "same": that of the client',
      list,
      ['usual'],
    )
    .addOption(
      new Option('--engine <engine>', 'where; auto takes each that is there')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .addOption(
      new Option('--versions <which>', "each language's default version, or all its versions")
        .choices(['default', 'all'])
        .default('default'),
    )
    .addOption(repeatOption(100_000))
    .addOption(jobsOption())
    .addOption(shardOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(junitOption())
    .addOption(summaryOption())
    .addOption(resultsOption())
    .addHelpText('after', STATUSES)
    .action(async (options: VerifyOptions) => {
      const { verifyCommand } = await import('./commands/verify.ts');
      done(await verifyCommand(options, interruption));
    });

  program
    .command('merge')
    .usage('folder … [-- options]')
    .description('Make one result of the shards of a run.')
    .argument('<folders...>', "the shards' folders, or folders that have them")
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(junitOption())
    .addOption(summaryOption())
    .addOption(resultsOption())
    .addHelpText('after', STATUSES)
    .action(async (folders: string[], options: MergeOptions) => {
      const { mergeCommand } = await import('./commands/merge.ts');
      done(await mergeCommand(folders, options, interruption));
    });

  program
    .command('docs')
    .usage('[-- options]')
    .description("Write the generated parts of the labs' pages from a run in the local engine.")
    .addOption(checkOption('the pages say what the labs show'))
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
    .command('liars')
    .usage('[-- options]')
    .description(
      'Let programs, captures and counters lie, and write who caught them: docs/liars.md.',
    )
    .addOption(checkOption('the page says what was seen'))
    .addOption(jobsOption())
    .addHelpText(
      'after',
      '\nExit status: 0 all are caught, by name · 1 one is not, or the page differs · 2 usage, or wrong markers\n  4 the environment is not ready: not all evidence can be collected · 130 interrupted',
    )
    .action(async (options: LiarsOptions) => {
      const { liarsCommand } = await import('./commands/liars.ts');
      done(await liarsCommand(options, interruption));
    });

  program
    .command('mutants')
    .usage('[-- options]')
    .description(
      'Change what labs expect at random, and write how many changes are noticed: docs/mutants.md.',
    )
    .addOption(checkOption('the page says what was seen'))
    .option('--seed <number>', 'of the same seed come the same mutants', number(0, 2 ** 32 - 1), 1)
    .option('--count <mutants>', 'how many', number(1, 1_000_000), 3000)
    .addOption(repeatOption(1000))
    .addOption(jobsOption())
    .addHelpText(
      'after',
      '\nThe page is of the default seed and count.\nExit status: 0 all are caught or explained · 1 one is not, a cell failed, or the page differs\n  2 usage, or wrong markers · 4 the environment is not ready · 130 interrupted',
    )
    .action(async (options: MutantsOptions) => {
      const { mutantsCommand } = await import('./commands/mutants.ts');
      done(await mutantsCommand(options, interruption));
    });

  program
    .command('chaos')
    .usage('[-- options]')
    .description('Strike runs of ours with faults, and write how they ended: docs/chaos.md.')
    .addOption(
      new Option('--engine <engine>', 'only the experiments of one engine')
        .choices(ENGINE_CHOICES)
        .default('auto', 'both'),
    )
    .option('--only <names>', 'only these experiments, separated by commas', list)
    .addOption(checkOption('the page says what was seen'))
    .addHelpText(
      'after',
      '\nThe page is of all experiments.\nExit status: 0 all ended as promised · 1 one did not, or the page differs · 2 usage, or wrong markers\n  4 not all could be done here · 130 interrupted',
    )
    .action(async (options: ChaosOptions) => {
      const { chaosCommand } = await import('./commands/chaos.ts');
      done(await chaosCommand(options, interruption));
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
    .argument('[names...]', 'java, java@25, tools, several of them, or "all"')
    .addHelpText('after', '\nExit status: 0 all are there · 2 usage · 4 one cannot be built')
    .action(async (names: string[]) => {
      const { imagesCommand } = await import('./commands/images.ts');
      done(await imagesCommand(names));
    });

  program
    .command('explain')
    .usage('[-- "text of an error"]')
    .description('Say what a text that a program has shown can mean, and which labs show it.')
    .argument('[text...]', 'a message, a stack trace, a line of a log; without: standard input')
    .option('--json', 'print one JSON object: text, matches, nearest', false)
    .addHelpText(
      'after',
      '\nExit status: 0 it is known · 1 it is not: the nearest are shown · 2 usage, or no text',
    )
    .action(async (words: string[], options: ExplainOptions) => {
      const { explainCommand } = await import('./commands/explain.ts');
      done(await explainCommand(words, options));
    });

  program
    .command('workshop')
    .usage('[-- options]')
    .description('Learn it: predict, run, explain, and exercises in your language, lab by lab.')
    .option('--language <language>', 'the language in which you work; kept')
    .addOption(
      new Option('--engine <engine>', 'where labs run; auto takes Docker if it answers')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .addOption(new Option('--list [which]', 'list the labs, or some of them').choices(FILTERS))
    .addOption(
      new Option(
        '--skip <labs...>',
        'skip labs: 04, several, or "all" that are not done',
      ).conflicts(['list']),
    )
    .addOption(
      new Option(
        '--reset <labs...>',
        'begin labs anew: 04, several, or "all"; your files are kept beside the new ones',
      ).conflicts(['skip', 'list', 'language']),
    )
    .addHelpText(
      'after',
      '\nYour files and your place are in workshop/. For scripts: npm run check 04\nExit status: 0 · 2 usage · 4 the environment is not ready · 130 interrupted',
    )
    .action(async (options: WorkshopOptions) => {
      const { workshopCommand } = await import('./commands/workshop.ts');
      done(await workshopCommand(options, interruption));
    });

  program
    .command('check')
    .usage('LAB [-- options]')
    .description("Run your program of a lab's exercise under the lab's real fault.")
    .argument('<lab...>', 'crash-server, 04 or 4; one at a time')
    .option('--language <language>', 'the language of your file (default: that of your workshop)')
    .option('--exercise <name>', 'which one, where the lab has several')
    .addOption(
      new Option('--engine <engine>', 'where it runs; auto takes Docker if it answers')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option('--json', 'print one JSON object: verdict, points, says', false)
    .addHelpText(
      'after',
      '\nExit status: 0 solved · 1 not yet · 2 usage, or no exercise · 3 not all could be seen\n  4 the environment is not ready · 130 interrupted',
    )
    .action(async (labs: string[], options: CheckOptions) => {
      const { checkCommand } = await import('./commands/check.ts');
      done(await checkCommand(labs, options, interruption));
    });

  program
    .command('snapshot')
    .usage('[results/RUN] [-- options]')
    .description(
      'Pack a run into one file to send to who helps; or open such a file, and run it again.',
    )
    .argument('[folder]', 'of a run (default: the newest, results/latest)')
    .option('--output <file>', 'the file that is made (default: reset-labs-RUN.tar.gz)')
    .option('--check <lab>', "check your program of a lab's exercise now, and pack that")
    .option('--language <language>', 'with --check: the language of your file')
    .option('--exercise <name>', 'with --check: which one, where the lab has several')
    .addOption(
      new Option('--engine <engine>', 'with --check: where it runs').choices(ENGINE_CHOICES),
    )
    .option('--open <file>', 'verify a snapshot, unpack it into results/RUN, and show it')
    .option('--rerun', 'with --open: run it again here, and compare cell by cell', false)
    .addOption(
      new Option('--results <folder>', 'folder of the runs').default(
        inProject('results'),
        'results',
      ),
    )
    .option('--json', 'print one JSON object (see docs/snapshot.md)', false)
    .addHelpText(
      'after',
      '\nA snapshot of a check has a program of who sent it: --rerun runs it in the hosts of the lab.\nExit status: 0 packed, shown, or all came to the same again · 1 something did not · 2 usage, or no\n  snapshot · 3 not all was run here · 4 the environment is not ready · 130 interrupted',
    )
    .action(async (folder: string | undefined, options: SnapshotOptions) => {
      const { snapshotCommand } = await import('./commands/snapshot.ts');
      const makeCommandLine = () => commandLine(() => {}, interruption);
      done(await snapshotCommand(folder, options, makeCommandLine, interruption));
    });

  program
    .command('content')
    .usage('[lab …] [-- options]')
    .description(
      "Hold the workshop's content against its rules, and try the exercises: starters fail for the reason of their lab, model solutions pass, cheats are refused.",
    )
    .argument('[names...]', 'labs; without a name all')
    .option('--language <languages>', 'separated by commas (default: the usual ones)', list, [])
    .addOption(
      new Option('--engine <engine>', 'where; auto takes Docker if it answers')
        .choices(ENGINE_CHOICES)
        .default('auto'),
    )
    .option('--save', 'write docs/exercises.md anew, and nothing else', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit status: 0 all is so · 1 something is otherwise · 2 usage · 3 something could not be looked at\n  4 the environment is not ready · 130 interrupted',
    )
    .action(async (names: string[], options: ContentOptions) => {
      const { contentCommand } = await import('./commands/content.ts');
      done(await contentCommand(names, options, interruption));
    });

  program
    .command('new:language')
    .usage('NAME [-- options]')
    .description('Make the folders of a new language, from templates that explain themselves.')
    .argument('<name>', 'of its folder: lua')
    .option('--title <title>', 'as a person writes it (default: the name with a capital)')
    .addHelpText('after', '\nExit status: 0 the folders are there · 2 usage, or the name is taken')
    .action(async (name: string, options: NewLanguageOptions) => {
      const { newLanguageCommand } = await import('./commands/new-language.ts');
      done(await newLanguageCommand(name, options));
    });

  program
    .command('conformance')
    .usage('[language …]')
    .description(
      'Hold the programs of languages against docs/programs.md: what is missing, what is otherwise.',
    )
    .argument('[names...]', 'java, java.channel, several of them; without a name all')
    .addHelpText(
      'after',
      '\nExit status: 0 all is as the page says · 1 something is not · 2 usage · 4 a toolchain is missing',
    )
    .action(async (names: string[]) => {
      const { conformanceCommand } = await import('./commands/conformance.ts');
      done(await conformanceCommand(names));
    });

  program
    .command('toolchains')
    .usage('[language@version …]')
    .description(
      'Fetch versions of languages for the local engine; without a name all that npm has.',
    )
    .argument('[names...]', 'node@22, node@all, several of them')
    .addHelpText(
      'after',
      '\nExit status: 0 all are on this machine · 2 usage · 4 one cannot be fetched, or npm does not have it',
    )
    .action(async (names: string[]) => {
      const { toolchainsCommand } = await import('./commands/toolchains.ts');
      done(await toolchainsCommand(names));
    });

  program
    .command('fuzz')
    .usage('[-- options]')
    .description(
      'Feed changed captures and texts to all that reads them, and look for what breaks it.',
    )
    .option('--minutes <minutes>', 'how long', number(1, 10_000), 1)
    .option('--seed <number>', 'the same inputs again', number(0, 2 ** 32 - 1))
    .option('--target <names>', 'only some of what reads them', list)
    .addHelpText('after', '\nExit status: 0 nothing was found · 1 something was · 2 usage')
    .action(async (options: FuzzCommandOptions) => {
      const { fuzzCommand } = await import('./commands/fuzz.ts');
      done(await fuzzCommand(options, interruption));
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

/**
 * Runs the command line to its end.
 *
 * @param words what a person typed behind `npm run`: `lab`, `hello`
 * @returns the documented status; what went wrong is told on standard error
 */
export async function runCommandLine(
  words: readonly string[],
  interruption: AbortSignal,
): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.usage;
  try {
    const line = commandLine((result) => (status = result), interruption);
    await line.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return statusOf(error, words, interruption);
  }
}

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
  outliveTerminal();
  process.exitCode = await runCommandLine(process.argv.slice(2), interruption.signal);
}

function statusOf(
  error: unknown,
  [command = 'lab']: readonly string[],
  interruption: AbortSignal,
): ExitStatus {
  if (interruption.aborted) return EXIT.interrupted;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.pass;
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
