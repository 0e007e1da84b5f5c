import { execFileSync } from 'node:child_process';
import test from 'ava';
import { quoted, wordsOf } from '../runners/shell-words.ts';

const WORDS = ['plain', '--client=java@25,node', 'two words', "it's", '$(x)', '', ';', 'a\nb', "'"];

test('a shell makes the same words of it', (t) => {
  const line = WORDS.map(quoted).join(' ');
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  t.deepEqual(said.split('\0').slice(0, -1), WORDS);
});

test('what is quoted is read again', (t) => {
  t.deepEqual(wordsOf(WORDS.map(quoted).join(' ')), WORDS);
  t.deepEqual(wordsOf('  npm run  lab '), ['npm', 'run', 'lab']);
});

test('usual words have no quotes', (t) => {
  t.is(quoted('--client=java@25,node'), '--client=java@25,node');
});
