import test from 'ava';
import type { Alternative, Expectation } from '../../runners/catalog/expectation.ts';
import type { NamedLab } from '../../runners/catalog/lab.ts';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import {
  type Entry,
  entriesOf,
  shownText,
  storyTitle,
  textOf,
} from '../../runners/guide/entries.ts';
import { CRASH, CRASH_EXPECTED, LINK } from '../_observation.ts';
import { languageOf } from './_entries.ts';

const SERVER = languageOf('server', { faces: {} });

const LUA = languageOf('lua', {
  faces: { read: { ECONNRESET: { type: 'Reset', errno: null, message: 'by {address}:{port}' } } },
});

/** A story that ends as another one does, but for its client's steps. */
function ending(name: string, ...client: Expectation['client']): NamedLab {
  return { ...CRASH, name, expect: { ...CRASH_EXPECTED, client } };
}

function entries(labs: readonly NamedLab[], ...languages: readonly NamedLanguage[]): Entry[] {
  return entriesOf(labs, languages, [SERVER]);
}

/** `lua read ECONNRESET: crash-server (why)` */
function told({ language, step, errno, version, shownIn }: Entry): string {
  const cases = shownIn.map(({ story, why }) => `${story.name} (${why})`).join(', ');
  const name = version === null ? language.name : `${language.name}@${version}`;
  return `${name} ${step} ${errno}: ${cases || 'nowhere'}`;
}

const OTHER = ending('other', 'connect ok', 'send ok', 'read eof', 'close ok');
const BECAUSE = 'unread data, so RST, not FIN';

test('a face is shown in the labs that end so', (t) => {
  t.deepEqual(entries([CRASH, OTHER], LUA).map(told), [
    `lua read ECONNRESET: crash-server (${BECAUSE})`,
  ]);
  t.deepEqual(entries([OTHER], LUA).map(told), ['lua read ECONNRESET: nowhere']);
});

test('the reason is that of the difference, or of the outcome', (t) => {
  const differs = [
    { ...{ lab: 'other', as: 'client' as const, because: 'it is odd', link: LINK } },
  ].map((one) => ({ ...one, expect: CRASH_EXPECTED }));
  t.deepEqual(entries([OTHER], { ...LUA, differs }).map(told), [
    'lua read ECONNRESET: other (it is odd)',
  ]);
  const early: Alternative = { outcome: 'early', because: 'it came early', ...CRASH_EXPECTED };
  const late = { ...early, outcome: 'late', because: 'it came late' };
  const eof: Alternative = { ...late, client: ['connect ok', 'read eof'] };
  const race = (...expect: Alternative[]) => entries([{ ...CRASH, expect }], LUA).map(told);
  t.deepEqual(race(eof, early), ['lua read ECONNRESET: crash-server (it came early)']);
  // Where all outcomes show it, that which tells them apart is not its cause.
  t.deepEqual(race(late, early), [`lua read ECONNRESET: crash-server (${BECAUSE})`]);
});

test('another server is told of only where the usual one does not show it', (t) => {
  const odd = languageOf('odd', {
    faces: {},
    differs: ['other', 'crash-server'].map((lab) => ({
      ...{ lab, as: 'server', because: 'the server is odd', link: LINK, expect: CRASH_EXPECTED },
    })),
  });
  t.deepEqual(entriesOf([CRASH, OTHER], [LUA], [SERVER, odd]).map(told), [
    `lua read ECONNRESET: crash-server (${BECAUSE}), other (the server is odd)`,
  ]);
});

test('a language that has no such program shows nothing', (t) => {
  const { ask: _, ...run } = LUA.run;
  const lacks = { ask: 'it cannot ask' };
  t.deepEqual(entries([CRASH], { ...LUA, run, lacks }).map(told), ['lua read ECONNRESET: nowhere']);
});

test('what a language hides is not shown', (t) => {
  t.deepEqual(entries([CRASH], { ...LUA, hides: ['ECONNRESET'] }).map(told), [
    'lua read ECONNRESET: nowhere',
  ]);
});

test('a version has faces of its own', (t) => {
  const faces = { read: { ECONNRESET: { type: 'Old', errno: null, message: 'reset' } } };
  const versions = [{ name: '1', image: 'none' as const, faces }];
  t.deepEqual(entries([CRASH], { ...LUA, versions }).map(told), [
    `lua read ECONNRESET: crash-server (${BECAUSE})`,
    `lua@1 read ECONNRESET: crash-server (${BECAUSE})`,
  ]);
});

test('what is printed beside faces is met where a lab ends so in any words', (t) => {
  const patience: Expectation = { ...CRASH_EXPECTED, packets: { rst: 'none', fin: 'none' } };
  const labs = [
    CRASH,
    OTHER,
    { ...ending('blocks'), expect: { ...patience, client: ['connect ok', 'read blocked'] } },
    { ...ending('late'), expect: { ...patience, client: ['connect ok', 'read ETIMEDOUT'] } },
    // The kernel's RST does not come before its patience ends.
    ending('probed', 'connect ok', 'read ETIMEDOUT'),
  ] satisfies NamedLab[];
  const printed = (['EOF', 'TIMEOUT', 'ECONNRESET'] as const).map((means) => ({
    ...{ at: 'read' as const, means, type: 'Error', message: 'gone' },
  }));
  const lua = { ...LUA, faces: {}, printed };
  t.deepEqual(entries(labs, lua).map(told), [
    `lua read EOF: other (${BECAUSE})`,
    `lua read TIMEOUT: blocks (${BECAUSE}), late (${BECAUSE})`,
    `lua read ECONNRESET: crash-server (${BECAUSE})`,
  ]);
  // A reset that looks as the end of file does is one of its causes.
  const [eof] = entries(labs, { ...lua, hides: ['ECONNRESET'] }).map(told);
  t.is(eof, `lua read EOF: crash-server (${BECAUSE}), other (${BECAUSE})`);
  t.true(entries(labs, lua).every(({ held }) => !held));
  t.true(entries(labs, LUA).every(({ held }) => held));
  // The loader gives flavours what their language prints.
  t.deepEqual(entries(labs, { ...lua, name: 'lua.async' }), []);
});

test('stories and texts have names', (t) => {
  t.is(storyTitle(CRASH), '04 crash-server');
  t.is(
    storyTitle({ ...CRASH, variant: 'slow', cure: 'retry' }),
    '04 crash-server · slow · cured by retry',
  );
  const face = { type: 'Reset', errno: null, message: 'from {own}:{number} to {peer}:{port}' };
  t.is(textOf(face), 'Reset: from {own}:{number} to {peer}:{port}');
  t.is(shownText(face), 'Reset: from OWN:N to PEER:PORT');
  t.is(textOf({ ...face, message: '' }), 'Reset');
});
