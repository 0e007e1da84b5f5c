// Writes the file of a participant's state again and again, until it is killed. Its first line: it has begun.
import { Progress } from '../../runners/workshop/progress.ts';

const progress = await Progress.read(process.argv[2] ?? '');
for (let hints = 0; ; hints++) {
  await progress.set('04-crash-server', ['hints', 'retry'], hints);
  if (hints === 0) process.stdout.write('writing\n');
}
