import * as v from 'valibot';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { BadSnapshot } from './bad-snapshot.ts';

/** Names of files of a snapshot; the captures lie in `cells/`, the participant's own files in `workshop/`. */
export const MANIFEST = 'snapshot.json';
export const CHECK = 'check.json';
export const DOCTOR = 'doctor.json';
export const PROGRESS = 'workshop/progress.yaml';

const FORMAT = 'reset-labs-snapshot';
const VERSION = 1;

/** A name of a folder or file that means the same to every file system and every shell. */
const NAME = '[A-Za-z0-9][A-Za-z0-9_@.+-]*';
/** All that can be in a snapshot. Nothing that a tool takes for its settings has such a path. */
const PATHS = new RegExp(
  [
    ...['^run\\.json$', '^check\\.json$', '^doctor\\.json$', '^workshop/progress\\.yaml$'],
    `^cells/(${ENGINE_NAMES.join('|')})/${NAME}/capture\\.pcap$`,
    `^workshop/[0-9]{2}-${NAME}/${NAME}$`,
  ].join('|'),
);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const SCHEMA = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  /** That of the run, and of the folder in the archive. */
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/), v.notValue('latest')),
  packedAt: v.pipe(v.string(), v.isoTimestamp()),
  /** A run of labs, or a check of a participant's program. */
  kind: v.picklist(['run', 'check']),
  /** What was run, as far as it is known: the sources when it was packed. */
  revision: v.object({ commit: v.nullable(v.string()), sources: v.string() }),
  /** The words after `npm run` that repeat it; null where `whyNot` says why there are none. */
  again: v.nullable(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(100))),
  whyNot: v.nullable(v.string()),
  /** How often what stands for something of the machine was written in its place. */
  redacted: v.record(v.string(), count),
  /** All other files. */
  files: v.array(
    v.object({
      path: v.pipe(v.string(), v.regex(PATHS)),
      size: count,
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    }),
  ),
});

/** What is in a snapshot: its first file, `snapshot.json`. */
export type Manifest = v.InferOutput<typeof SCHEMA>;

/** A manifest, all but the files. */
export type Head = Omit<Manifest, 'format' | 'version' | 'files'>;

export function manifestOf(head: Head, files: Manifest['files']): Manifest {
  return { format: FORMAT, version: VERSION, ...head, files };
}

/** @throws BadSnapshot where it is none, or one of another version */
export function parseManifest(text: string): Manifest {
  const value = parseJson(text, MANIFEST);
  const { format, version } = Object(value) as Record<string, unknown>;
  if (format === FORMAT && version !== VERSION) {
    throw new BadSnapshot(
      `it is of version ${JSON.stringify(version)} of the format, and this kit knows ${VERSION} only`,
      'Take the revision of the kit that packed it, or have it packed by yours.',
    );
  }
  return parsed(SCHEMA, value, MANIFEST);
}

/** @throws BadSnapshot */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadSnapshot(`${file} in it is no JSON`);
  }
}

/** @throws BadSnapshot which names the file and the key */
export function parsed<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  file: string,
): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  throw new BadSnapshot(`${file} in it: \`${v.getDotPath(issue) ?? '.'}\`: ${issue.message}`);
}
