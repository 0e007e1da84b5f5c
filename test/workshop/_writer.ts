// Makes changes to the file of a participant's state: reads it, waits for a line, then changes it as often as told.
import { once } from 'node:events';
import { Progress } from '../../runners/workshop/own/progress.ts';

const [, , file = '', lab = '', changes = ''] = process.argv;
const progress = await Progress.read(file);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
for (let change = 0; change < Number(changes); change++) {
  await progress.set(lab, ['hints', `exercise-${change}`], change);
}
process.stdin.destroy();
