import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedLanguage, StyleCheck } from '../catalog/language.ts';
import { sourceOf } from '../catalog/source.ts';
import { toolEnvironment } from '../engines/local/toolchain.ts';
import { ROOT } from '../paths.ts';
import { fileNameOf } from '../workshop/lessons/material.ts';
import type { Task } from '../workshop/lessons/named-lesson.ts';
import type { Finding } from './finding.ts';

/** The sources that an exercise gives or shows in a language, relative to the project's folder. */
export function materialFiles(task: Task, language: NamedLanguage): string[] {
  const { exercise, cure, folder } = task;
  if (exercise.changes === 'client') {
    const programs = [exercise.starter, cure.client.program];
    return programs.map((name) => join('labs/programs', language.of, sourceOf(language, name)));
  }
  const file = fileNameOf(task, language);
  return [join(folder, 'starter', file), join(folder, 'solution', file)];
}

/** Holds sources against the language's formatter and linter. @param root in which the files lie */
export async function styleFindings(
  language: NamedLanguage,
  files: readonly string[],
  root: string = ROOT,
): Promise<Finding[]> {
  const { style = [] } = language;
  const found: Finding[] = [];
  for (const check of style) {
    for (const file of files) {
      const finding = await hold(check, file, root);
      if (finding === undefined) continue;
      found.push(finding);
      // One that is not there is missed once.
      if (finding.kind === 'unknown') break;
    }
  }
  return found;
}

async function hold(check: StyleCheck, file: string, root: string): Promise<Finding | undefined> {
  const out = await mkdtemp(join(tmpdir(), 'reset-labs-style-'));
  try {
    const words = check.command.map((word) => word.replace('{file}', file).replace('{out}', out));
    const { status, said } = await run(words, root);
    if (status === 'missing') {
      const says = `${check.name} is not installed, so nobody knows whether the sources have its style: ${check.install}`;
      return { kind: 'unknown', says };
    }
    return status === 0
      ? undefined
      : { kind: 'wrong', says: `${file}: ${check.name} says: ${said.join(' ').slice(0, 300)}` };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function run(
  [command = '', ...words]: readonly string[],
  cwd: string,
): Promise<{ readonly status: number | null | 'missing'; readonly said: string[] }> {
  return new Promise((resolve, reject) => {
    const env = toolEnvironment();
    const child = spawn(command, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ status: 'missing', said: [] });
      else reject(error);
    });
    child.on('close', (status) => resolve({ status, said: said.trim().split('\n') }));
  });
}
