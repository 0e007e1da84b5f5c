// What must not be taken for a snapshot. Each of these differs from a good one in one thing.
import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { packed } from '../../runners/snapshot/archive.ts';
import { LIMITS } from '../../runners/snapshot/limits.ts';
import type { Manifest } from '../../runners/snapshot/manifest.ts';
import { type Entry, writeTar } from '../../runners/snapshot/tar.ts';
import { entries, files, HEAD, opened, RUN, zipped } from './_snapshots.ts';

test('what is packed is opened as it was', (t) => {
  const { archive, manifest } = packed(HEAD, files());
  const snapshot = opened(archive);
  t.deepEqual(snapshot.result, JSON.parse(JSON.stringify(RUN)));
  t.deepEqual([...snapshot.files], [...files()]);
  t.deepEqual(snapshot.manifest, manifest);
  t.like(snapshot.asked, { command: 'lab', names: ['crash-server'] });
  t.notThrows(() => opened(zipped(entries())));
});

test('the same files give the same bytes', (t) => {
  t.deepEqual(packed(HEAD, files()).archive, packed(HEAD, files()).archive);
});

const GOOD = zipped(entries());
const listed = (change: (file: Manifest['files'][number]) => object) => (manifest: Manifest) => ({
  ...manifest,
  files: manifest.files.map((file, place) => (place === 2 ? change(file) : file)),
});
const PATH = 'workshop/04-crash-server/ask.py';

/** An archive in which the participant's file has another path, in the list and in the archive. */
function renamed(path: string): Buffer {
  const all = entries(listed((file) => ({ ...file, path })));
  const to = (entry: Entry) =>
    entry.path.endsWith(PATH) ? { ...entry, path: `${HEAD.id}/${path}` } : entry;
  return zipped(all.map(to));
}

/** An archive whose last file is of another type; its content is the link's target, as some have it. */
function ofType(type: string): Buffer {
  const tar = writeTar(entries(), 0);
  const at = tar.indexOf(`${HEAD.id}/${PATH}`);
  tar.write(type, at + 156, 'latin1');
  tar.fill(' ', at + 148, at + 156);
  const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  return gzipSync(tar);
}

/** A snapshot of another result, which is packed as it must be. */
function withResult(change: (run: typeof RUN) => object): Buffer {
  return packed(HEAD, files({ 'run.json': JSON.stringify(change(RUN)) })).archive;
}

const withHead = (change: object) => packed({ ...HEAD, ...change }, files()).archive;
const [cell] = RUN.cells;

const NO_PATH = /^snapshot\.json in it: `files\.2\.path`: /;
for (const [what, archive, message] of [
  ['an empty file', Buffer.alloc(0), /^it is not compressed by gzip$/],
  ['another file', Buffer.from('{"schema":1}'), /^it is not compressed by gzip$/],
  ['half of it', GOOD.subarray(0, GOOD.length / 2), /^it is not whole: unexpected end of file$/],
  ['gzip of something else', gzipSync('x'.repeat(2000)), /^it is no tar archive$/],
  ['an empty archive', zipped([]), /^its first file is not snapshot\.json$/],
  [
    'an archive that is cut',
    gzipSync(gunzipSync(GOOD).subarray(0, -1024 - 508)),
    /^it ends within mine\/workshop\/04-crash-server\/ask\.py$/,
  ],
  [
    'an archive without its end',
    gzipSync(gunzipSync(GOOD).subarray(0, -1024)),
    /^its end is missing$/,
  ],
  [
    'an archive with something behind its end',
    gzipSync(Buffer.concat([gunzipSync(GOOD), Buffer.from('more')])),
    /^something follows its end$/,
  ],
  ['another tar archive', zipped(entries().slice(1)), /^its first file is not snapshot\.json$/],
  ['a way up', renamed('workshop/04-crash-server/../../../run.json'), NO_PATH],
  ['a way up at its beginning', renamed('../x'), NO_PATH],
  ['an absolute path', renamed('/etc/passwd'), NO_PATH],
  ['a way back', renamed('workshop\\04-crash-server\\ask.py'), NO_PATH],
  ['a hidden file', renamed('workshop/04-crash-server/.npmrc'), NO_PATH],
  ['settings of a tool', renamed('package.json'), NO_PATH],
  [
    'a way up that is not listed',
    zipped([...entries(), { path: '../../x', content: Buffer.from('x') }]),
    /^\.\.\/\.\.\/x is in it, and not in its list$/,
  ],
  ['a hard link', ofType('1'), /ask\.py is a link, not a file$/],
  ['a symbolic link', ofType('2'), /ask\.py is a symbolic link, not a file$/],
  ['a device', ofType('3'), /ask\.py is a device, not a file$/],
  ['a folder', ofType('5'), /ask\.py is a folder, not a file$/],
  ['an extended header', ofType('x'), /ask\.py is an extended header, not a file$/],
  ['an unknown kind', ofType('Z'), /ask\.py is of an unknown kind, not a file$/],
  [
    'another content of the same size',
    zipped(entries().map((one) => (one.path.endsWith('.py') ? changed(one) : one))),
    /^mine\/workshop\/04-crash-server\/ask\.py is not as it was packed$/,
  ],
  [
    'another size in the list',
    zipped(entries(listed((file) => ({ ...file, size: 8 })))),
    /ask\.py is not as it was packed$/,
  ],
  [
    'a file twice',
    zipped([...entries(), ...entries().slice(-1)]),
    /^mine\/workshop\/04-crash-server\/ask\.py is in it twice$/,
  ],
  [
    'two names that some file systems take for one',
    packed(HEAD, files({ 'workshop/04-crash-server/Ask.py': '' })).archive,
    /^a file is in it twice$/,
  ],
  ['a file too few', zipped(entries().slice(0, -1)), /^workshop\/.*ask\.py is missing in it$/],
  [
    'another folder',
    zipped(entries().map((one) => ({ ...one, path: one.path.replace('mine', 'yours') }))),
    /^its folder does not bear the name of its run$/,
  ],
  [
    'a later version of the format',
    zipped(entries((manifest) => ({ ...manifest, version: 2 }))),
    /^it is of version 2 of the format, and this kit knows 1 only$/,
  ],
  ['another format', zipped(entries((one) => ({ ...one, format: 'x' }))), /`format`: /],
  ['the name of a link', withHead({ id: 'latest' }), /`id`: /],
  ['a name that leads out', zipped(entries((one) => ({ ...one, id: '../x' }))), /`id`: /],
  [
    'more than fits into memory',
    gzipSync(Buffer.alloc(LIMITS.unpacked + 1024)),
    /^more than 64 MB are in it$/,
  ],
  ['no result', withResult(() => ({})), /^run\.json in it is no result: `\.`: must have required/],
  ['another run', withResult((run) => ({ ...run, id: 'yours' })), /^run\.json in it is of another/],
  [
    'a verdict that the schema does not know',
    withResult((run) => ({ ...run, cells: [{ ...cell, verdict: 'fine' }] })),
    /^run\.json in it is no result: `cells\.0\.verdict`: /,
  ],
  [
    'a capture that is not in it',
    withResult((run) => ({ ...run, cells: [{ ...cell, pcap: 'cells/local/x/capture.pcap' }] })),
    /^the capture cells\/local\/x\/capture\.pcap is missing in it$/,
  ],
  [
    'a language that a shell would run',
    withResult((run) => ({
      ...run,
      cells: [{ ...cell, client: { ...cell?.client, language: 'java;rm' } }],
    })),
    /^run\.json in it has a language that is none: java;rm$/,
  ],
  [
    'a command that writes a file',
    withHead({ again: ['lab', 'hello', '--junit', 'x'] }),
    /^its command cannot be run again: --junit is not for others$/,
  ],
  [
    'a command of another kind',
    withHead({ again: ['check', '04'] }),
    /^its command is not that of a run$/,
  ],
  [
    'a check without its record',
    withHead({ kind: 'check', again: ['check', '04'] }),
    /^check\.json is missing in it$/,
  ],
] as readonly (readonly [string, Buffer, RegExp])[]) {
  test(`refused: ${what}`, (t) => {
    const error = t.throws(() => opened(archive), { name: 'BadSnapshot' });
    t.regex(error?.message ?? '', message);
  });
}

function changed({ path, content }: Entry): Entry {
  const copy = Buffer.from(content);
  copy[0] = (copy[0] ?? 0) ^ 1;
  return { path, content: copy };
}

test('too many files are refused while they are counted', (t) => {
  const many = Array.from({ length: LIMITS.files + 2 }, (_, place) => ({
    path: String(place),
    content: Buffer.alloc(0),
  }));
  t.throws(() => opened(zipped(many)), { name: 'BadSnapshot', message: 'it has too many files' });
});

test('what nobody could open is not packed', (t) => {
  const big = files();
  big.set('cells/local/x/capture.pcap', Buffer.alloc(LIMITS.unpacked));
  t.throws(() => packed(HEAD, big), {
    name: 'UserError',
    message: /^The run has 4 files, 64 MB: more than a snapshot may have \(10000 files, 64 MB\)\./,
  });
});
