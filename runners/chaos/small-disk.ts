import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MountNamespace } from './mount-namespace.ts';
import { type Place, placeOf } from './place.ts';

const SIZE = '4m';

/** A disk for results that can be filled. Needs root. */
export type SmallDisk = {
  readonly place: Place;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
};

/** Makes one which only the place's runs see; it goes with the place. */
export async function smallDisk(): Promise<SmallDisk> {
  let filler = '';
  const place = await placeOf('local', async (folder) => {
    const script = 'mkdir "$0"; mount -t tmpfs -o "size=$1" tmpfs "$0"';
    const disk = join(folder, 'disk');
    const namespace = await MountNamespace.open(script, disk, SIZE);
    filler = join(namespace.root, disk, 'filler');
    return {
      results: join(disk, 'results'),
      seen: join(namespace.root, disk, 'results'),
      enter: namespace.enter,
      close: () => namespace.close(),
    };
  });
  return {
    place,
    async fill() {
      const { bavail, bsize } = await statfs(join(filler, '..'));
      // What others write meanwhile makes it end earlier, which is as good.
      await writeFile(filler, Buffer.alloc(bavail * bsize)).catch(() => {});
    },
    makeRoom: () => rm(filler),
  };
}
