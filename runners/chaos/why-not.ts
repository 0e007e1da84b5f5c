import { chooseEngine } from '../engines/choose.ts';
import { OnceEach } from '../engines/docker/settle.ts';
import { assertNamespaces } from '../engines/local/permission.ts';
import { which } from '../engines/local/toolchain.ts';
import { messageOf } from '../user-error.ts';
import type { Experiment } from './experiment.ts';

/** Why an experiment cannot be done on this machine; undefined where it can. */
export async function whyNot({ engine, needs }: Experiment): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'it looks into /proc, so it needs Linux';
  if (needs !== undefined && process.getuid?.() !== 0) return 'it needs root';
  if (needs === 'own engine') {
    for (const command of ['dockerd', 'openssl', 'python3']) {
      if ((await which(command)) === undefined) return `it needs \`${command}\``;
    }
  }
  return await absences.get(engine, async () => {
    const there = engine === 'local' ? assertNamespaces() : chooseEngine(engine);
    return await there.then(() => undefined, messageOf);
  });
}

/** Each engine is looked for once. */
const absences = new OnceEach<string | undefined>();
