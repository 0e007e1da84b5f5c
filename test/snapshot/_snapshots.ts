import { gzipSync } from 'node:zlib';
import { commandLine } from '../../runners/cli.ts';
import type { RunResult } from '../../runners/results/result.ts';
import { resultSchema } from '../../runners/results/schema.ts';
import { packed, unpacked } from '../../runners/snapshot/archive.ts';
import { type Head, MANIFEST, type Manifest } from '../../runners/snapshot/manifest.ts';
import { type Opened, verified } from '../../runners/snapshot/open.ts';
import { type Entry, writeTar } from '../../runners/snapshot/tar.ts';
import { PASS, runOf } from '../reports/_results.ts';

export const makeCommandLine = () => commandLine(() => {}, new AbortController().signal);

export const RUN: RunResult = runOf([{ ...PASS, pcap: null }]);
export const HEAD: Head = {
  id: RUN.id,
  packedAt: '2026-11-21T09:10:00.000Z',
  kind: 'run',
  revision: { commit: null, sources: '0123456789abcdef' },
  again: ['lab', 'crash-server', '--engine', 'local'],
  whyNot: null,
  redacted: {},
};
const DOCTOR = { ready: true, engines: { local: { ready: true } }, checks: [] };

/** The files of a snapshot that is as it must be. */
export function files(more: Readonly<Record<string, string>> = {}): Map<string, Buffer> {
  const all = {
    'run.json': JSON.stringify(RUN),
    'doctor.json': JSON.stringify(DOCTOR),
    'workshop/04-crash-server/ask.py': 'print(1)\n',
    ...more,
  };
  return new Map(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)]));
}

/** Its entries, for tests that spoil them. */
export function entries(change: (manifest: Manifest) => unknown = (same) => same): Entry[] {
  const { manifest } = packed(HEAD, files());
  const text = Buffer.from(JSON.stringify(change(manifest)));
  const all = [[MANIFEST, text] as const, ...files()];
  return all.map(([path, content]) => ({ path: `${HEAD.id}/${path}`, content }));
}

export function zipped(all: readonly Entry[]): Buffer {
  return gzipSync(writeTar(all, 0));
}

const problemOf = await resultSchema();

/** Opens a snapshot in memory, as the command does. */
export function opened(archive: Buffer): Opened {
  return verified(unpacked(archive), problemOf, makeCommandLine);
}
