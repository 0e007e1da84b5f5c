import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnosis } from '../doctor/check.ts';
import { RESULT } from '../results/recover.ts';
import type { Revision, RunResult } from '../results/result.ts';
import { UserError } from '../user-error.ts';
import type { Again } from './again.ts';
import type { Files } from './archive.ts';
import type { CheckRecord } from './check-record.ts';
import { CHECK, DOCTOR, type Head } from './manifest.ts';
import { ownTexts } from './own-files.ts';
import { Redactor, type Telling } from './redact.ts';

/** What is packed, before anything of the machine is taken out of it. */
export type Material = {
  readonly result: RunResult;
  /** By their paths in the run's folder. */
  readonly captures: Files;
  readonly check: CheckRecord | null;
  readonly diagnosis: Diagnosis;
  readonly revision: Revision;
  readonly again: Again;
  readonly telling: Telling;
  /** Where the participant's files lie. */
  readonly workshop: string;
};

/** What goes into the archive, and what a person should know of it. */
export type Prepared = {
  readonly head: Head;
  readonly files: Files;
  readonly notes: readonly string[];
};

/** Lays together what goes in. */
export async function prepare(material: Material): Promise<Prepared> {
  const { result, captures, check, diagnosis, revision, again, telling, workshop } = material;
  const redactor = new Redactor(telling);
  const files = new Map<string, Buffer>();
  const notes: string[] = [];
  const json = (path: string, value: unknown) =>
    files.set(path, Buffer.from(`${JSON.stringify(redactor.value(value), null, 2)}\n`));
  json(RESULT, withCaptures(result, captures));
  if (check !== null) json(CHECK, check);
  json(DOCTOR, diagnosis);
  for (const [path, capture] of captures) files.set(path, capture);
  const own = await ownTexts(
    new Set(result.cells.map(({ number }) => number)).add(labOf(check)),
    workshop,
  );
  for (const { path, text } of own.found) {
    const redacted = redactor.source(text);
    files.set(path, Buffer.from(redacted.text));
    if (redacted.text !== text) notes.push(`${path} is not as you wrote it: paths were replaced`);
    for (const name of redacted.left) notes.push(`${path} has the word "${name}": yours to change`);
  }
  notes.push(...own.leftOut.map((text) => `left out: ${text}`));
  if (check !== null && !files.has(check.file)) {
    throw new UserError(`${check.file} cannot be packed. ${own.leftOut.join('. ')}`);
  }
  const head: Head = {
    id: result.id,
    packedAt: new Date().toISOString(),
    kind: check === null ? 'run' : 'check',
    revision: result.revision ?? revision,
    ...again,
    redacted: Object.fromEntries(redactor.counts),
  };
  return { head, files, notes };
}

function labOf(check: CheckRecord | null): string {
  return check?.lab.slice(0, 2) ?? '';
}

/** A capture that is not there is not named. */
function withCaptures(result: RunResult, captures: Files): RunResult {
  const cells = result.cells.map((cell) =>
    cell.pcap === null || captures.has(cell.pcap) ? cell : { ...cell, pcap: null },
  );
  return { ...result, cells };
}

/** The captures of a run, as its result names them; a link, or a path that leads elsewhere, is none. */
export async function capturesIn(folder: string, { cells }: RunResult): Promise<Files> {
  const captures = new Map<string, Buffer>();
  for (const { pcap } of cells) {
    if (pcap === null || !/^cells\/(?:[\w@+-][\w@.+-]*\/){2}capture\.pcap$/.test(pcap)) continue;
    const file = join(folder, pcap);
    const stats = await lstat(file).catch(() => undefined);
    if (stats?.isFile()) captures.set(pcap, await readFile(file));
  }
  return captures;
}
