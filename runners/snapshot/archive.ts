import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UserError } from '../user-error.ts';
import { BadSnapshot } from './bad-snapshot.ts';
import { LIMITS } from './limits.ts';
import { type Head, MANIFEST, type Manifest, manifestOf, parseManifest } from './manifest.ts';
import { type Entry, readTar, writeTar } from './tar.ts';

/** What is in a snapshot, by path, the manifest left out. */
export type Files = ReadonlyMap<string, Buffer>;
/** All files of an archive. */
export type Sizes = readonly { readonly path: string; readonly size: number }[];
export type Archive = { readonly manifest: Manifest; readonly files: Files };

/**
 * Makes a `.tar.gz` of one folder, which bears the run's name. Of the well-known containers it is the one that opens
 * everywhere without this kit (`tar xzf`), and its small part that is needed here, plain files, is easily read safely:
 * what can do harm in an archive, links, devices, owners, is not in that part.
 *
 * @throws UserError where it is too much to be opened again
 */
export function packed(
  head: Head,
  files: Files,
): { archive: Buffer; manifest: Manifest; sizes: Sizes } {
  const listed = [...files].map(([path, content]) => ({
    ...{ path, size: content.length },
    sha256: sha256(content),
  }));
  const manifest = manifestOf(head, listed);
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const entries: Entry[] = [[MANIFEST, text] as const, ...files].map(([path, content]) => ({
    ...{ path: `${head.id}/${path}`, content },
  }));
  const tar = writeTar(entries, Date.parse(head.packedAt));
  const archive = gzipSync(tar, { level: 9 });
  const isTooMuch =
    files.size > LIMITS.files || tar.length > LIMITS.unpacked || archive.length > LIMITS.packed;
  const sizes = [{ path: MANIFEST, size: text.length }, ...listed];
  if (!isTooMuch) return { archive, manifest, sizes };
  const megabytes = Math.round(tar.length / 1024 ** 2);
  throw new UserError(
    `The run has ${files.size} files, ${megabytes} MB: more than a snapshot may have (${LIMITS.files} files, ${LIMITS.unpacked / 1024 ** 2} MB). Run fewer labs, and pack that run.`,
  );
}

/**
 * Reads what {@link packed} has made, and holds it against its manifest.
 *
 * @throws BadSnapshot
 */
export function unpacked(archive: Buffer): Archive {
  return readArchive(gunzipped(archive));
}

/** The same, of the archive without its compression. */
export function readArchive(tar: Buffer): Archive {
  const [first, ...rest] = readTar(tar);
  const [folder = '', name] = first?.path.split('/') ?? [];
  if (first === undefined || name !== MANIFEST) {
    throw new BadSnapshot(`its first file is not ${MANIFEST}`, 'Is it another file?');
  }
  const manifest = parseManifest(Buffer.from(first.content).toString());
  if (folder !== manifest.id || first.path !== `${folder}/${MANIFEST}`) {
    throw new BadSnapshot('its folder does not bear the name of its run');
  }
  const listed = new Map(manifest.files.map((file) => [`${folder}/${file.path}`, file]));
  // Some file systems take Ask.java and ask.java for one.
  const names = new Set(manifest.files.map(({ path }) => path.toLowerCase()));
  if (names.size !== manifest.files.length) throw new BadSnapshot('a file is in it twice');
  const files = new Map<string, Buffer>();
  for (const { path, content } of rest) {
    const file = listed.get(path);
    if (file === undefined) throw new BadSnapshot(`${path} is in it, and not in its list`);
    if (files.has(file.path)) throw new BadSnapshot(`${path} is in it twice`);
    if (content.length !== file.size || sha256(content) !== file.sha256) {
      throw new BadSnapshot(`${path} is not as it was packed`);
    }
    files.set(file.path, Buffer.from(content));
  }
  const missing = manifest.files.find(({ path }) => !files.has(path));
  if (missing !== undefined) throw new BadSnapshot(`${missing.path} is missing in it`);
  return { manifest, files };
}

function gunzipped(archive: Buffer): Buffer {
  if (archive[0] !== 0x1f || archive[1] !== 0x8b) {
    throw new BadSnapshot('it is not compressed by gzip', 'Is it another file?');
  }
  try {
    return gunzipSync(archive, { maxOutputLength: LIMITS.unpacked });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BadSnapshot(
        `more than ${LIMITS.unpacked / 1024 ** 2} MB are in it`,
        'No snapshot has so much: do not trust who sent it.',
      );
    }
    throw new BadSnapshot(`it is not whole: ${message}`);
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
