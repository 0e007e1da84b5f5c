import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { folderWith } from '../_folder.ts';
import { read } from './_workflow.ts';

test("Windows' git leaves the ends of lines as they are", (t) => {
  const attributes = read('.gitattributes');
  const folder = folderWith(t, { '.gitattributes': attributes, 'setup.sh': 'a\nb\n' });
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words]);
  git('init', '--quiet');
  git('config', 'core.autocrlf', 'true');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '--quiet', '--message=t');
  git('rm', '--quiet', '--cached', '-r', '.');
  git('reset', '--quiet', '--hard');
  t.is(readFileSync(join(folder, 'setup.sh'), 'utf8'), 'a\nb\n');
});
