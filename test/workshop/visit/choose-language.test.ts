import test from 'ava';
import { languageNames } from '../../../runners/catalog/load.ts';
import { chooseLanguage } from '../../../runners/workshop/visit/choose-language.ts';
import { CTRL_C, CTRL_D, consoleOf, ENTER, NOISE } from './_visit.ts';

const NAMES = await languageNames();

test('each language has a letter, and it is said how to choose another later', async (t) => {
  for (const [place, name] of NAMES.entries()) {
    const { console, seen } = consoleOf([String.fromCharCode('a'.charCodeAt(0) + place)]);
    t.is(await chooseLanguage(console), name);
    const text = seen();
    t.true(text.includes(`\n  a  ${NAMES[0]}\n  b  ${NAMES[1]}\n`));
    t.true(text.includes('npm run workshop -- --language python\n'));
    t.true(text.includes('\na to j · q quit · ? help '));
  }
});

test('no language has a letter that means something else', (t) => {
  t.true(NAMES.length <= 'abcdefghijklmnop'.length);
});

for (const [what, key] of [
  ['q', 'q'],
  ['Ctrl-C', CTRL_C],
  ['Ctrl-D', CTRL_D],
] as const) {
  test(`${what} chooses none`, async (t) => {
    const noise = NOISE.join('').replace('ö', '');
    t.is(await chooseLanguage(consoleOf([`${noise}${ENTER}ls${key}`]).console), undefined);
  });
}
