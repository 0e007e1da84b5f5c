import { Command } from 'commander';
import { runReport } from '../reports/terminal/run-report.ts';
import type { RunResult } from '../results/result.ts';
import { resultSchema } from '../results/schema.ts';
import { packed, readArchive, unpacked } from '../snapshot/archive.ts';
import { BadSnapshot } from '../snapshot/bad-snapshot.ts';
import { harmless } from '../snapshot/harmless.ts';
import type { Head } from '../snapshot/manifest.ts';
import { verified } from '../snapshot/open.ts';
import { readTar, writeTar } from '../snapshot/tar.ts';
import { holds, type Target } from './target.ts';

const problemOf = await resultSchema();
const noCommands = () => new Command();

/** A small run, since large inputs are cut. */
const RUN: RunResult = {
  ...{ schema: 1, id: 'mine', startedAt: '2026-11-21T09:00:00.000Z', durationMs: 6 },
  ...{ command: 'npm run lab -- abort', absent: [], leftOut: [], revision: null, shard: null },
  engines: [
    {
      ...{ name: 'local', title: 'local', why: 'asked for', kernel: '6.18.44', durationMs: 6 },
      processor: { programsMs: 1, allMs: 2 },
    },
  ],
  machine: { kernel: '6.18.44', arch: 'x64', cpus: 2 },
  ...{ merged: null, verdict: 'unknown', interrupted: false, planned: 1, neverMet: [] },
  differences: [],
  cells: [
    {
      ...{ lab: 'abort', number: '03', variant: null, cure: null, causes: ['closed'] },
      ...{ title: 'A title', why: 'a reason', engine: 'local', ip: 4, repeat: 1 },
      client: { language: 'python', asked: null, version: '3.13', program: 'ask' },
      server: { language: 'python', asked: null, version: '3.13', program: 'server' },
      ...{ verdict: 'unknown', reason: 'no packets', because: null, difference: null },
      ...{ outcome: null, outcomes: [], durationMs: 5, unfinished: [], actions: [], pcap: null },
      evidence: { program: 'agrees', packets: 'unavailable', kernel: 'unavailable' },
      findings: {
        program: { agreement: 'agrees', expected: 'read ECONNRESET', observed: 'read ECONNRESET' },
        packets: { agreement: 'unavailable', expected: 'a RST', observed: 'no capture' },
        kernel: { agreement: 'unavailable', expected: 'OutRsts 1', observed: 'left out' },
      },
      steps: [
        {
          ...{ role: 'client', step: 'read', beganMs: 1, atMs: 2, outcome: 'error' },
          error: { type: 'Error', errno: 'ECONNRESET', message: 'reset' },
        },
      ],
      packets: null,
      kernel: { hosts: null, resetReasons: null, noReasons: 'left out' },
      outputs: [{ role: 'client', exitStatus: 1, out: [], err: ['reset'], cpuMs: 1 }],
      looks: [],
    },
  ],
};

const HEAD: Head = {
  ...{ id: 'mine', packedAt: '2026-11-21T09:00:00.000Z', redacted: {}, again: null, whyNot: 'no' },
  revision: { commit: null, sources: '0123456789abcdef' },
  kind: 'run',
};
const DIAGNOSIS = '{"ready":true,"engines":{},"checks":[]}';

/** The archive of a snapshot, without its compression, which would hide all changes of it. */
export const archive: Target = {
  name: 'archive',
  seeds: [
    writeTar([{ path: 'mine/run.json', content: Buffer.from('{}') }], 0),
    writeTar([{ path: `mine/${'long/'.repeat(30)}name`, content: Buffer.alloc(700, 'a') }], 0),
    tarOf(new Map()),
    tarOf(new Map([['doctor.json', Buffer.from(DIAGNOSIS)]])),
  ],
  read(input) {
    const bytes = Buffer.from(input);
    const kinds = [outcomeOf(() => readTar(bytes)), outcomeOf(() => readArchive(bytes))];
    try {
      const { files } = readArchive(bytes);
      const sizes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      holds('files are made of the bytes of the archive', sizes <= input.length);
      for (const path of files.keys()) {
        holds('no path leads out', !/^\/|^\.|\/\.|\\|\0/.test(path));
      }
    } catch (error) {
      if (!(error instanceof BadSnapshot)) throw error;
    }
    return kinds.join();
  },
};

/** The result in a snapshot, on its way to the screen. */
export const foreign: Target = {
  name: 'foreign',
  seeds: [Buffer.from(JSON.stringify(RUN))],
  read(input) {
    const files = new Map([
      ['run.json', Buffer.from(input)],
      ['doctor.json', Buffer.from(DIAGNOSIS)],
    ]);
    const { archive } = packed(HEAD, files);
    try {
      const { result } = verified(unpacked(archive), problemOf, noCommands);
      const how = { verbose: true, folder: 'results/mine', next: undefined };
      const lines = runReport(harmless(result), { columns: 80, colour: false }, how);
      holds('nothing that controls a terminal is left', !/[\p{Cc}]/u.test(lines.join('')));
      return `shown ${lines.length}`;
    } catch (error) {
      if (!(error instanceof BadSnapshot)) throw error;
      return kindOf(error);
    }
  },
};

function tarOf(files: ReadonlyMap<string, Buffer>): Buffer {
  const { manifest } = packed(HEAD, files);
  const listed = { path: 'mine/snapshot.json', content: Buffer.from(JSON.stringify(manifest)) };
  const others = [...files].map(([path, content]) => ({ path: `mine/${path}`, content }));
  return writeTar([listed, ...others], 0);
}

function outcomeOf(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!(error instanceof BadSnapshot)) throw error;
    return kindOf(error);
  }
}

/** The kind of a refusal, without what was in the file. */
function kindOf({ message }: BadSnapshot): string {
  return message.replaceAll(/[^a-z ]/g, '').slice(0, 40);
}
