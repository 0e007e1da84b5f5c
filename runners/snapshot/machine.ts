import type { Diagnosis } from '../doctor/check.ts';
import type { Revision, RunResult } from '../results/result.ts';

/** Something that is otherwise on the two machines; null: it is not there. */
export type Difference = {
  readonly what: string;
  readonly snapshot: string | null;
  readonly here: string | null;
};

/** What is known of a machine. */
export type Machine = { readonly diagnosis: Diagnosis; readonly revision: Revision };

/** What differs between the machine of a snapshot and this one, of all that the run depended on. */
export function differences(
  { engines, cells, machine }: RunResult,
  theirs: Machine,
  here: Machine & { readonly arch: string },
): Difference[] {
  const rows: Difference[] = [
    {
      ...{ what: 'revision', snapshot: revisionShown(theirs.revision, here.revision) },
      here: revisionShown(here.revision, theirs.revision),
    },
    { what: 'processor', snapshot: machine.arch, here: here.arch },
  ];
  const names = ['node', 'kernel', ...engines.flatMap(({ name }) => checksOf(name, cells))];
  for (const name of names) {
    const [snapshot, own] = [theirs, here].map(({ diagnosis }) => detailOf(diagnosis, name));
    rows.push({ what: name, snapshot: snapshot ?? null, here: own ?? null });
  }
  return rows.filter(({ snapshot, here }) => snapshot !== here);
}

/** The checks of `doctor` that tell of an engine and of the languages of a run in it. */
function checksOf(
  engine: RunResult['engines'][number]['name'],
  cells: RunResult['cells'],
): string[] {
  const languages = new Set(
    cells
      .filter((cell) => cell.engine === engine)
      .flatMap(({ client, server }) => [client.language, server.language]),
  );
  // The versions in images come from the revision.
  if (engine === 'docker') return ['docker API'];
  return [
    ...['hosts', 'packets', 'kernel trace'].map((what) => `local ${what}`),
    ...[...languages].sort().map((language) => `local ${language}`),
  ];
}

/** A check in few words: without what differs from run to run, and where a service listens. */
function detailOf({ checks }: Diagnosis, name: string): string | undefined {
  const check = checks.find((one) => one.name === name);
  if (check === undefined) return undefined;
  const { status, detail } = check;
  if (status !== 'ok' && name !== 'kernel') return `missing: ${detail}`;
  return detail.replace(/, at .*$/, '').replace(/ in \d+ ms$/, '');
}

/** The commit where it tells them apart; the digest of the sources where only that does. */
function revisionShown({ commit, sources }: Revision, other: Revision): string {
  if (sources === other.sources) return 'the same sources';
  const short = commit?.replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1');
  return commit === null || commit === other.commit
    ? `sources ${sources}`
    : `${short} (sources ${sources})`;
}
