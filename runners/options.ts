import { InvalidArgumentError, Option } from 'commander';
import { CAUSES, type Cause } from './catalog/lab.ts';
import { LEAVE_OUT, type LeaveOut } from './cell/leave-out.ts';
import { inProject } from './paths.ts';
import { parseShard, type Shard } from './shard.ts';
import { messageOf } from './user-error.ts';

// Options that several commands have, and the parsers of options' values.

export function jobsOption(): Option {
  return new Option(
    '--jobs <cells>',
    'cells at the same time (default: what suits the engine and the processors)',
  ).argParser(number(1, 256));
}

export function shardOption(): Option {
  return new Option(
    '--shard <i/n>',
    'only the i-th of n parts; also RESET_LABS_SHARD=i/n, or RESET_LABS_SHARDS=n beside JOB_COMPLETION_INDEX or PARALLEL_SEQ',
  ).argParser(shard);
}

export function repeatOption(most: number): Option {
  return new Option('--repeat <times>', 'let each cell happen so often')
    .argParser(number(1, most))
    .default(1);
}

/** @param what the page, or pages, must say */
export function checkOption(what: string): Option {
  return new Option('--check', `write nothing; say whether ${what}`).default(false);
}

export function jsonOption(): Option {
  const what = 'print one JSON object (see runners/results/run.schema.json)';
  return new Option('--json', what).default(false);
}

export function verboseOption(): Option {
  const what = 'show the timeline of every cell, acknowledgements too';
  return new Option('--verbose', what).default(false);
}

export function junitOption(): Option {
  return new Option('--junit <file>', 'write the result to a file as JUnit XML, too');
}

export function summaryOption(): Option {
  return new Option('--summary <file>', 'write it as Markdown, for the page of a CI job');
}

export function resultsOption(): Option {
  return new Option('--results <folder>', 'folder for the evidence').default(
    inProject('results'),
    'results',
  );
}

/** `a,b` */
export function list(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError('Separate names by single commas.');
  return words;
}

export function causes(text: string): Cause[] {
  const known: readonly string[] = CAUSES;
  const wrong = list(text).find((word) => !known.includes(word));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`There is no cause "${wrong}". Causes: ${CAUSES.join(', ')}.`);
  }
  return list(text) as Cause[];
}

export function ipVersion(text: string): 4 | 6 {
  if (text === '4' || text === '6') return Number(text) as 4 | 6;
  throw new InvalidArgumentError('Write 4 or 6.');
}

/** A parser of whole numbers, from `least` to `most`. */
export function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  };
}

export function evidence(text: string): LeaveOut {
  const known: readonly string[] = LEAVE_OUT;
  for (const word of list(text)) {
    if (!known.includes(word)) {
      throw new InvalidArgumentError(`Only ${LEAVE_OUT.join(' and ')} can be left out.`);
    }
  }
  return new Set(list(text)) as unknown as LeaveOut;
}

function shard(text: string): Shard {
  try {
    return parseShard(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

export function runName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(text)) return text;
  throw new InvalidArgumentError('Write lower-case letters, digits and hyphens, 40 at most.');
}
