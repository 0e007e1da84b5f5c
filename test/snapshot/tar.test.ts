import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { readTar, writeTar } from '../../runners/snapshot/tar.ts';
import { folderWith } from '../_folder.ts';

const LONG = `run/${'folder-with-a-long-name/'.repeat(5)}file.txt`;
const ENTRIES = [
  { path: 'run/empty', content: Buffer.alloc(0) },
  { path: 'run/block', content: Buffer.alloc(512, 'b') },
  { path: 'run/more', content: Buffer.alloc(513, 'm') },
  { path: LONG, content: Buffer.from('Grüße') },
];

test('what is written is read', (t) => {
  const read = readTar(writeTar(ENTRIES, 1000));
  t.deepEqual(
    read.map(({ path, content }) => ({ path, content: Buffer.from(content) })),
    ENTRIES,
  );
});

test('tar lists and unpacks it', (t) => {
  const folder = folderWith(t);
  const file = join(folder, 'x.tar.gz');
  writeFileSync(file, gzipSync(writeTar(ENTRIES, Date.UTC(2026, 10, 21))));
  const listed = execFileSync('tar', ['tzf', file], { encoding: 'utf8' });
  t.deepEqual(
    listed.trim().split('\n'),
    ENTRIES.map(({ path }) => path),
  );
  execFileSync('tar', ['xzf', file, '-C', folder]);
  for (const { path, content } of ENTRIES) {
    t.deepEqual(readFileSync(join(folder, path)), content);
    t.is(statSync(join(folder, path)).mtimeMs, Date.UTC(2026, 10, 21));
  }
});

test('what another tar writes of plain files is read, and its links are refused', (t) => {
  const folder = folderWith(t, { one: 'text' });
  const tar = (...words: readonly string[]) =>
    execFileSync('tar', ['cf', '-', '--format=ustar', '-C', folder, ...words]);
  t.deepEqual(
    readTar(tar('one')).map(({ path, content }) => [path, Buffer.from(content).toString()]),
    [['one', 'text']],
  );
  execFileSync('ln', ['-s', '/etc/passwd', join(folder, 'two')]);
  t.throws(() => readTar(tar('one', 'two')), { message: 'two is a symbolic link, not a file' });
});

test('a name that ustar has no room for is an error', (t) => {
  const path = 'x'.repeat(101);
  t.throws(() => writeTar([{ path, content: Buffer.alloc(0) }], 0), { message: /no room/ });
});

test('a header whose sum is wrong is no header', (t) => {
  const bytes = writeTar(ENTRIES, 0);
  bytes.write('R', 0);
  t.throws(() => readTar(bytes), { message: 'it is no tar archive' });
});
