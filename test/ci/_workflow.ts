import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parseAllDocuments } from 'yaml';
import { commandLine } from '../../runners/cli.ts';
import { inProject } from '../../runners/paths.ts';

export const PROGRAM = commandLine(() => {}, new AbortController().signal);

/** The documents of a YAML file of the project. */
export function documents(path: string): unknown[] {
  return parseAllDocuments(read(path), { strict: true, uniqueKeys: true }).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    return document.toJS() as unknown;
  });
}

export function read(path: string): string {
  return readFileSync(inProject(path), 'utf8');
}

/** All that is wrong with the words of a command line: `['verify', '--shard', '1/4']`. */
export function wrongIn([name = '', ...words]: readonly string[]): string[] {
  const command = PROGRAM.commands.find((one) => one.name() === name);
  if (command === undefined) return [`there is no command "${name}"`];
  const problems: string[] = [];
  const names: string[] = [];
  for (let place = 0; place < words.length; place++) {
    const word = words[place] ?? '';
    if (!word.startsWith('--')) names.push(word);
    else problems.push(...wrongOption(command, word, words[place + 1]));
    if (takesValue(command, word)) place++;
  }
  const [argument] = command.registeredArguments;
  if (names.length > 0 && !argument) problems.push(`${name} takes no names: ${names.join(' ')}`);
  if (names.length === 0 && argument?.required) problems.push(`${name} takes names`);
  return problems;
}

function wrongOption(command: Command, word: string, value: string | undefined): string[] {
  const option = optionOf(command, word);
  if (option === undefined) return [`${command.name()} has no option ${word}`];
  if (!option.required) return [];
  if (value === undefined || value.startsWith('--')) return [`${word} has no value`];
  const isKnown = value.includes('$') || (option.argChoices?.includes(value) ?? true);
  return isKnown ? [] : [`${word} cannot be ${value}`];
}

function takesValue(command: Command, word: string): boolean {
  return optionOf(command, word)?.required ?? false;
}

function optionOf(command: Command, word: string) {
  return command.options.find(({ long }) => long === word);
}

/** The words of each `npm run NAME -- WORDS` in a shell's text, up to the end of its command. */
export function npmRuns(shell: string): string[][] {
  const joined = shell.replaceAll(/\\\n/g, ' ');
  return [...joined.matchAll(/\bnpm run (?:--silent )?([^\n;&|)'`<>#]+)/g)].map(([, words = '']) =>
    words
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '--')
      .map((word) => word.replaceAll('"', '')),
  );
}
