// Evidence that is lost in the middle of a run leaves the verdict open, and spoils no other cell.
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { which } from '../../runners/engines/local/toolchain.ts';
import { folderWith } from '../_folder.ts';
import { labJson, told } from '../_lab.ts';
import { engines } from './_engines.ts';

for (const { name, test } of engines.filter((engine) => engine.name === 'local')) {
  test.serial(
    `${name} · a capture that ends early is lost; the next cell has another`,
    async (t) => {
      const folder = folderWith(t);
      const own = join(folder, 'tcpdump');
      // The first one ends after three packets: the one that finds the line. Hosts can write no file here.
      const once = join(folder, 'once');
      execFileSync('mkfifo', [once]);
      const line = openSync(once, constants.O_RDWR);
      t.teardown(() => closeSync(line));
      writeSync(line, 'the first\n');
      const script = `#!/bin/bash\nread -r -t 0.1 <>'${once}' && set -- -c 3 "$@"\nexec ${await which('tcpdump')} "$@"\n`;
      writeFileSync(own, script);
      chmodSync(own, 0o755);
      const { status, run } = await labJson(
        t,
        ['abort', '--client', 'python', '--engine', name, '--repeat', '2', '--jobs', '1'],
        { env: { PATH: [folder, process.env.PATH].join(delimiter) } },
      );
      t.is(status, 3, told(run.cells).join('\n'));
      const [first, second] = run.cells;
      t.is(first?.verdict, 'unknown');
      t.regex(first?.reason ?? '', /^the packets were lost: the capture has ended: /);
      t.deepEqual(first?.evidence, { program: 'agrees', packets: 'unavailable', kernel: 'agrees' });
      t.is(second?.verdict, 'pass', second?.reason);
      t.deepEqual(second?.evidence, { program: 'agrees', packets: 'agrees', kernel: 'agrees' });
    },
  );
}
