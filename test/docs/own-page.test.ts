import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ownPage } from '../../runners/docs/own-page.ts';
import { EXIT } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';

const PAGE = '# Page\n\n<!-- generated: part -->\n<!-- end -->\n';
const again = 'npm run it';

test('a page is written, and then it is current', async (t) => {
  const root = folderWith(t, { 'docs/page.md': PAGE });
  const parts = { part: ['new'] };
  const how = { again, root };
  const page = () => readFileSync(join(root, 'docs/page.md'), 'utf8');
  const differs = await ownPage('docs/page.md', parts, { ...how, check: true });
  t.is(differs.status, EXIT.fail);
  t.regex(differs.text, /^docs\/page\.md:4 differs from what was seen:\n/);
  t.regex(differs.text, /\nWrite it anew: npm run it$/);
  t.is(page(), PAGE, 'to look is not to write');
  t.deepEqual(await ownPage('docs/page.md', parts, { ...how, check: false }), {
    status: EXIT.pass,
    text: 'written: docs/page.md',
  });
  t.true(page().includes('\nnew\n'));
  t.deepEqual(await ownPage('docs/page.md', parts, { ...how, check: true }), {
    status: EXIT.pass,
    text: 'docs/page.md is current',
  });
});

test('a page that is not there is no page', async (t) => {
  const root = folderWith(t);
  const how = { check: true, again, root };
  await t.throwsAsync(ownPage('docs/page.md', {}, how), {
    name: 'UserError',
    message: /^docs\/page\.md is not there/,
  });
});
