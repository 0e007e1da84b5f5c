import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedLanguage } from '../catalog/language.ts';
import { ROOT } from '../paths.ts';
import { fileNameOf } from '../workshop/lessons/material.ts';
import type { NamedLesson, Task } from '../workshop/lessons/named-lesson.ts';
import { type Finding, wrong } from './finding.ts';

const PARTS = ['starter', 'solution'] as const;

/**
 * Files below `labs/<lab>/exercises/` that no exercise has, and those that one lacks: a starter and a model solution
 * stand beside each other.
 *
 * @param languages all that there are
 * @param root the folder in which `labs/` lies
 */
export async function strayFindings(
  lessons: readonly NamedLesson[],
  languages: readonly NamedLanguage[],
  root: string = ROOT,
): Promise<Finding[]> {
  const found = lessons.map(async ({ folder, tasks }) => {
    const place = join('labs', folder, 'exercises');
    const files = await filesBelow(join(root, place));
    const own = tasks.filter(({ exercise }) => exercise.changes === 'server');
    const possible = own.flatMap((task) => filesOf(task, languages));
    const stray = files
      .map((file) => join(place, file))
      .filter((file) => !possible.some((pair) => pair.includes(file)))
      .map((file) =>
        wrong(`${file} is no starter and no model solution of an exercise: take it away`),
      );
    const isThere = (file: string) => files.some((one) => join(place, one) === file);
    const single = possible.flatMap((pair) => {
      const missing = pair.filter((file) => !isThere(file));
      return missing.length === 1 ? missing : [];
    });
    return [...stray, ...single.map((file) => wrong(`${file} is missing, but its twin is there`))];
  });
  return (await Promise.all(found)).flat();
}

function filesOf(task: Task, languages: readonly NamedLanguage[]): string[][] {
  return languages.map((language) =>
    PARTS.map((part) => join(task.folder, part, fileNameOf(task, language))),
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
