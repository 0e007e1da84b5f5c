// Lays a starter out in a folder; then, as if a participant had written there, lays it out again.
import { writeFileSync } from 'node:fs';
import { loadLanguages } from '../../runners/catalog/load.ts';
import { layOut, ownFile, startAgain } from '../../runners/workshop/own/desk.ts';
import { lessonOf, taskOf } from './_lessons.ts';

const [, , folder] = process.argv;
const [python] = await loadLanguages(['python'], '-');
if (python === undefined) throw new Error('no Python');
const [lesson, task] = [lessonOf(), taskOf()];
const file = ownFile(lesson, task, python, folder);
await layOut(file, task, python);
writeFileSync(file.path, 'mine');
process.stdout.write('mine');
await startAgain(file, task, python);
