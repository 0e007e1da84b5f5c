// A difference of a story that is not there would be passed over in silence; so would a surprise of no lab.
import test from 'ava';
import { isOf, withDifferences } from '../../runners/catalog/differences.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';

const [LABS, LANGUAGES] = await Promise.all([
  loadLabs(['all']),
  loadLanguages(['all'], '--client'),
]);

for (const { name, differs = [], surprises = [] } of LANGUAGES) {
  test(`${name} differs in stories that are there, from languages that are there`, (t) => {
    for (const own of differs) {
      t.true(
        LABS.some((story) => isOf(own, story)),
        `${own.lab} ${own.variant ?? ''} ${own.cure ?? ''}`,
      );
      for (const other of own.with ?? []) {
        t.true(
          LANGUAGES.some((language) => language.name === other),
          other,
        );
      }
    }
    for (const { labs, says } of surprises) {
      for (const lab of labs)
        t.true(
          LABS.some((story) => story.name === lab),
          `${lab}: ${says}`,
        );
    }
    t.pass();
  });
}

test('each way of a lab is that of a language', (t) => {
  const stories = withDifferences(LABS, LANGUAGES);
  for (const { name, variant, cure, ways = {}, differs = [] } of stories) {
    for (const [way, expect] of Object.entries(ways)) {
      t.true(
        differs.some((one) => one.expect === expect),
        [name, variant, cure, way].join(' '),
      );
    }
  }
});
