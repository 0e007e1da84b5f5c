// docs/teaching.md and docs/devcontainer.md: each command is one of the kit, each quoted text is printed by it.
import { join } from 'node:path';
import test from 'ava';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { read } from '../ci/_workflow.ts';
import { codeOf, quotesOf, wrongCommands, wrongPaths, wrongQuotes } from './_commands.ts';

const PAGES = ['docs/teaching.md', 'docs/devcontainer.md'];

for (const page of PAGES) {
  test(`${page}: commands, options and labs are there`, async (t) => {
    const { count, wrong } = await wrongCommands(read(page));
    t.deepEqual(wrong, []);
    t.true(count >= (page === PAGES[0] ? 30 : 3), `${count} commands`);
  });

  test(`${page}: links, scripts and variables lead somewhere`, (t) => {
    t.deepEqual(wrongPaths(inProject(page)), []);
  });
}

test('what the page says that the kit prints stands in the sources', (t) => {
  const page = read('docs/teaching.md');
  t.true(quotesOf(page).length >= 25);
  t.deepEqual(wrongQuotes(page), []);
});

test('code is found in blocks and in lines', (t) => {
  const page = 'a `npm run lab` b\n\n```sh\nnpm run check 04\n```\n\n``make `x` `` | `a \\| b`\n';
  t.deepEqual(codeOf(page), ['npm run check 04\n', 'npm run lab', 'make `x` ', 'a | b']);
});

test('the check of commands finds what is wrong', async (t) => {
  for (const [code, problem] of [
    ['npm run chekc 04', /^package\.json has no script "chekc"$/],
    ['npm run check 04 -- --jason', /^check has no option --jason$/],
    ['npm run check 04 --json', /^npm run check 04 --json: npm takes the option for its own/],
    ['npm run check', /^check takes names$/],
    ['npm run check 44', /44/],
    ['npm run workshop -- --skip 44', /44/],
    ['npm run lab 01 crash-sever', /crash-sever/],
    ['npm run lab 04 -- --engine dokcer', /^--engine cannot be dokcer$/],
    ['make lba', /^the Makefile has no target "lba"$/],
    ['make lab LAB=aborted', /aborted/],
    ['make lab ARGS="--engin"', /^lab has no option --engin$/],
    ['make images ARGS="--all"', /^images has no option --all$/],
  ] as const) {
    for (const page of [`see \`${code}\`.`, `\`\`\`sh\n${code}\n\`\`\`\n`]) {
      const { count, wrong } = await wrongCommands(page);
      t.is(count, 1, page);
      t.is(wrong.length, 1, `${page}: ${wrong.join(', ')}`);
      t.regex(wrong[0] ?? '', problem);
    }
  }
});

test('the check of quotes and paths finds what is wrong', (t) => {
  const good = ['Solved.', 'Docker is not running at …', 'Pulling …', '… cannot be used: …'];
  const wrong = ['Sovled.', 'Docker is asleep at …', 'no socket … Docker is not running', '…'];
  const page = [...good, ...wrong].map((text) => `“\`${text}\`”`).join('\n');
  t.deepEqual(wrongQuotes(page), wrong);
  const text = '[a](none.md) [b](https://x.example/) `scripts/none.sh` `RESET_LABS_NONE=1`';
  const file = join(folderWith(t, { 'page.md': text }), 'page.md');
  t.deepEqual(wrongPaths(file), ['none.md', 'scripts/none.sh', 'RESET_LABS_NONE']);
});
