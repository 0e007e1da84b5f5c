import { PassThrough } from 'node:stream';
import test from 'ava';
import { progressLine, timeLeft } from '../../runners/reports/terminal/progress.ts';
import { setEnvironment } from '../doctor/_machine.ts';
import { FAIL, PASS } from './_results.ts';

/** What is written for cells that are counted one after the other. */
function written(isTTY: boolean, cells: number, expected = cells): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const progress = progressLine(stream as unknown as NodeJS.WriteStream);
  progress.expect(expected, expected * 1000);
  for (let cell = 1; cell <= cells; cell++) progress.count(cell === 2 ? FAIL : PASS, 1000);
  progress.end();
  return String(stream.read() ?? '');
}

test.serial(
  'on a terminal one line is written over and over, with the time left, and taken away',
  (t) => {
    setEnvironment(t, { TERM: 'xterm' });
    const lines = written(true, 3, 6).split('\r\u001b[K');
    t.regex(lines[1] ?? '', /^1 of 6 cells, about \d+ s left$/);
    t.regex(lines[3] ?? '', /^3 of 6 cells, 1 failed, about \d+ s left$/);
    t.is(lines[4], '');
  },
);

test('elsewhere a plain line comes with each hundredth cell, and none after the last', (t) => {
  const lines = written(false, 300).trim().split('\n');
  t.is(lines.length, 2);
  t.regex(lines[0] ?? '', /^100 of 300 cells, 1 failed, about \d+ s left$/);
});

test.serial('a terminal that cannot write a line over shows no codes, and what takes long', (t) => {
  setEnvironment(t, { TERM: 'dumb' });
  t.is(written(true, 3, 6), '');
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const progress = progressLine(stream as unknown as NodeJS.WriteStream);
  progress.say('building an image');
  progress.end();
  t.is(String(stream.read()), 'building an image\n');
});

test('one cell needs no progress', (t) => {
  t.is(written(true, 1), '');
});

test('the time left is told in seconds, then in minutes', (t) => {
  t.is(timeLeft(0), 'about 0 s left');
  t.is(timeLeft(59_000), 'about 59 s left');
  t.is(timeLeft(61_000), 'about 2 min left');
});
