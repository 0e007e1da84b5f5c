import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { which } from '../engines/local/toolchain.ts';
import { MountNamespace } from './mount-namespace.ts';
import { type Place, placeOf } from './place.ts';

/** Commands of this machine which can be taken away from a place's runs, and from nobody else. Needs root. */
export type OwnCommands = {
  readonly place: Place;
  takeAway(): Promise<void>;
  mend(): Promise<void>;
};

/** Makes a place in which a command can be taken away. */
export async function ownCommands(command: string): Promise<OwnCommands> {
  const file = await which(command);
  if (file === undefined) throw new Error(`${command} is not on the PATH`);
  let copy = '';
  const place = await placeOf('local', async (folder) => {
    copy = join(folder, 'commands');
    // Links to the same files, where one file system has both.
    const script = `cp -al "$0" "$1" 2>/dev/null || { rm -rf "$1"; cp -a "$0" "$1"; }
      mount --bind "$1" "$0"`;
    const namespace = await MountNamespace.open(script, dirname(file), copy);
    return { enter: namespace.enter, close: () => namespace.close() };
  });
  let isMended = false;
  return {
    place: {
      ...place,
      // Without the namespace all is there again.
      get enter() {
        return isMended ? [] : place.enter;
      },
    },
    takeAway: () => rm(join(copy, basename(file))),
    async mend() {
      isMended = true;
    },
  };
}
