import test from 'ava';
import type { Expectation } from '../../runners/catalog/expectation.ts';
import type { Entry } from '../../runners/guide/entries.ts';
import { matches } from '../../runners/guide/match.ts';
import { explained, unknownText } from '../../runners/guide/terminal.ts';
import { plain } from '../../runners/reports/terminal/text.ts';
import { CRASH, CRASH_EXPECTED } from '../_observation.ts';
import { entryOf } from './_entries.ts';

const SCREEN = { columns: 80, colour: false };

/** A lab in which a text is shown: its name, the packets, and why the kernel sent the RST. */
function shown(name: string, more: Partial<Expectation> = {}, why = 'so it is') {
  const story = { ...CRASH, name, number: name.slice(-2), variant: null };
  return { story, why, expected: { ...CRASH_EXPECTED, ...more } };
}

const FORGED: Partial<Expectation> = {
  packets: { rst: { from: 'server', by: 'middlebox' }, fin: 'none' },
  kernel: { ...CRASH_EXPECTED.kernel, reason: 'received only' },
};
const FIN: Partial<Expectation> = {
  packets: { rst: 'none', fin: 'server' },
  kernel: { ...CRASH_EXPECTED.kernel, reason: 'none' },
};
const READ = entryOf('node: read ECONNRESET', 'Error: read ECONNRESET', {
  shownIn: [shown('one-01'), shown('forged-02', FORGED), shown('three-03')],
});

const said = (text: string, all: readonly Entry[], screen = SCREEN) =>
  explained(matches(text, all), all, screen);
const after = (lines: readonly string[], first: string) =>
  lines.slice(lines.findIndex((line) => line.startsWith(first)));

test('cases stand together with those that look the same on the wire', (t) => {
  t.deepEqual(after(said('Error: read ECONNRESET', [READ]), '  What it can mean'), [
    '  What it can mean. The text does not tell which; the packets do, and why the',
    '  kernel sent the RST (in brackets):',
    '',
    '  RST from server (TCP_ABORT_ON_CLOSE)',
    '    01 one-01     so it is',
    '    03 three-03   so it is',
    '',
    '  RST in the name of the server (no host has sent the RST)',
    '    02 forged-02  so it is',
    '',
    '  See it happen: npm run lab one-01',
    '  Find out whether it is that: labs/01-one-01/README.md, "Find it"',
    '',
  ]);
});

test('another step than the usual one is said', (t) => {
  const wait = entryOf('node: wait ECONNRESET', 'Error: read ECONNRESET', {
    shownIn: [shown('one-01')],
  });
  const lines = said('Error: read ECONNRESET', [READ, wait]);
  t.true(lines.includes('  Shown by node: read, wait.'));
  t.is(lines.filter((line) => line.endsWith('at wait: so it is')).length, 1);
});

test('where it was found, how often, and what it means', (t) => {
  const text = '01:12:03 failed: read ECONNRESET\n01:12:04 failed: read ECONNRESET';
  t.deepEqual(said(text, [READ]).slice(0, 4), [
    'read ECONNRESET',
    '  2 times, first in 01:12:03 failed: read ECONNRESET',
    '',
    '  ECONNRESET: A RST arrived on a connection that stood (RFC 9293, section',
  ]);
  t.deepEqual(said('read ECONNRESET', [READ]).slice(0, 2), ['read ECONNRESET', '']);
});

test('an errno alone is said to be one', (t) => {
  const lines = said('ECONNRESET', [READ]);
  t.true(lines.includes('  This is the errno itself, in no words of a language.'));
  t.true(lines.includes('    01 one-01     so it is'));
});

test('words of several errnos are told as such, once', (t) => {
  const words = ':closed: {:error, :closed}';
  const all = [
    entryOf('elixir: send EPIPE', words, { shownIn: [shown('one-01')] }),
    entryOf('elixir: read EOF', words, { shownIn: [shown('fin-02', FIN)] }),
  ];
  const lines = said('{:error, :closed}', all);
  t.is(lines.filter((line) => line === '{:error, :closed}').length, 1);
  t.true(lines.includes('  The words do not tell which it is: EPIPE, EOF.'));
  t.true(lines.includes('  FIN from server'));
  t.true(lines.includes('  See it happen: npm run lab one-01 -- --client elixir'));
});

test('notes are told where it is told which language it is', (t) => {
  const face = { note: 'nobody would guess' };
  const perl = entryOf('perl: read ECONNRESET', '$!: Connection reset by peer', { face });
  const c = entryOf('c: read ECONNRESET', 'recv: Connection reset by peer');
  const text = 'Connection reset by peer';
  t.true(said(text, [perl]).includes('  nobody would guess'));
  t.false(said(text, [perl, c]).includes('  nobody would guess'));
});

test('a flavour is named where its language does not show the same', (t) => {
  const own = entryOf('lua: read EOF', 'Error: the stream has ended');
  const other = entryOf('lua.async: wait EOF', 'Error: the stream has ended');
  const text = 'Error: the stream has ended';
  t.true(said(text, [own, other]).includes('  Shown by lua: read.'));
  t.true(said(text, [other]).includes('  Shown by lua.async: wait.'));
});

test('where no lab shows the words, the labs of the errno are told', (t) => {
  const write = entryOf('node: send ECONNRESET', 'Error: write ECONNRESET');
  const odd = entryOf('lua.odd: read ECONNRESET', 'Odd: reset', { shownIn: [shown('odd-09')] });
  const lines = said('Error: write ECONNRESET', [write, READ, odd]);
  t.is(
    after(lines, '  No lab')[0],
    '  No lab shows it in these words; in others these do. The text does not tell',
  );
  t.true(lines.includes('    01 one-01     so it is'));
  t.false(
    lines.some((line) => line.includes('odd-09')),
    'a flavour may rename an error',
  );
  t.true(said('Error: write ECONNRESET', [write]).includes('  No lab ends so for a client.'));
  const seen = { ...write, held: false };
  t.true(
    said('Error: write ECONNRESET', [seen]).includes(
      '  Shown by node: send. No lab holds these words.',
    ),
  );
});

test('what only cures show is shown by them', (t) => {
  const cured = { ...shown('one-01'), story: { ...shown('one-01').story, cure: 'retry' } };
  const only = entryOf('node: read ECONNRESET', 'Error: read ECONNRESET', { shownIn: [cured] });
  const lines = said('read ECONNRESET', [only]);
  t.true(lines.includes('  The lab that shows it:'));
  t.true(lines.includes('    01 one-01 · cured by retry  so it is'));
  const both = { ...READ, shownIn: [...READ.shownIn, cured] };
  t.false(said('read ECONNRESET', [both]).some((line) => line.includes('cured by')));
});

test('the same cases are told once', (t) => {
  const also = entryOf('c: read ECONNRESET', 'recv: Connection reset by peer', {
    shownIn: READ.shownIn,
  });
  const lines = said('read ECONNRESET\nrecv: Connection reset by peer', [READ, also]);
  t.is(lines.filter((line) => line.includes('01 one-01')).length, 1);
  t.true(lines.includes('  What it can mean is the same as of "read ECONNRESET", above.'));
});

test('what controls a terminal is not passed on', (t) => {
  const text = '\u001b[31mread ECONNRESET\u001b[0m \u0007';
  const lines = [...said(text, [READ]), ...unknownText(text, [READ], SCREEN)];
  t.deepEqual(
    lines.filter((line) => line !== plain(line)),
    [],
  );
  const coloured = said(text, [READ], { ...SCREEN, colour: true });
  t.true(coloured.some((line) => line.startsWith('\u001b[1m')));
  t.false(coloured.some((line) => line.includes('\u001b[31m')));
});

test('an unknown text is cut, and those that are most like it are shown', (t) => {
  const near = entryOf(
    'node: connect ECONNREFUSED',
    'Error: connect ECONNREFUSED {address}:{port}',
  );
  t.deepEqual(unknownText(`${'x'.repeat(100)}\nsecond`, [near], SCREEN), [
    'This is none of the texts that labs and languages show of a connection that',
    'failed:',
    `  ${'x'.repeat(77)}…`,
    '',
    'Most like it are:',
    '  Error: connect ECONNREFUSED ADDRESS:PORT',
    '    ECONNREFUSED, node',
    '',
    'All texts: docs/field-guide.md',
  ]);
});
