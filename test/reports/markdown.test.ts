import test from 'ava';
import { markdownSummary } from '../../runners/reports/markdown.ts';
import { conclusionOf } from '../../runners/results/conclusion.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { LINK } from '../_observation.ts';
import { HOSTILE, HOSTILE_CELLS } from './_hostile.ts';
import { FAIL, NOT_RUN, PASS, PASS_JAVA, RACE, runOf, UNKNOWN } from './_results.ts';

const FOLDER = 'results/mine';

function summary(cells: readonly CellResult[], more = {}): string {
  return markdownSummary(runOf(cells, { ...conclusionOf(cells), ...more }), FOLDER);
}

function differing(needed: boolean): CellResult {
  const difference = { client: 'node', server: null, link: LINK, byChance: false, needed };
  return { ...PASS, because: 'it reads unasked', difference };
}

/** The text outside of code blocks. */
function outsideBlocks(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, ticks] = /^(`{3,})/.exec(line) ?? [];
    if (fence === undefined && ticks !== undefined) fence = ticks;
    else if (fence !== undefined && line === fence) fence = undefined;
    else if (fence === undefined) lines.push(line);
  }
  if (fence !== undefined) throw new Error('a code block does not end');
  return lines.join('\n');
}

test('a run as Markdown', (t) => {
  const docker = { ...PASS, engine: 'docker', causes: ['crash', 'closed'] } as const;
  const cells = [PASS_JAVA, PASS, FAIL, UNKNOWN, NOT_RUN, docker, RACE.reset, differing(true)];
  t.snapshot(`\n${summary(cells)}`);
});

test('a run that passed is short', (t) => {
  const text = summary([PASS]);
  t.regex(text, /^## ✅ Reset Labs: pass\n\n1 cells: 1 pass, in 0\.6 s\.\n/);
  for (const absent of ['### ', 'not run', 'interrupted', 'not met', 'ifference']) {
    t.false(text.includes(absent), absent);
  }
});

test('what failed stands before what is unknown, not run and passed', (t) => {
  const text = summary([PASS_JAVA, UNKNOWN, NOT_RUN, PASS, FAIL, differing(false)]);
  const places = [
    '### ❌ Known differences',
    '### ❌ 04 crash',
    '### ❔ 1 unknown',
    '### 1 not run',
    '<details>',
  ].map((part) => text.indexOf(part));
  t.false(places.includes(-1), String(places));
  t.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
});

test('a cell that failed has expectation, observation, timeline, evidence and its command', (t) => {
  const text = summary([FAIL]);
  for (const part of [
    'expected  read: ConnectionResetError: [Errno 104] Connection reset by peer',
    'observed  read eof',
    'not as expected: socket RST from server, no FIN',
    `evidence  ${FOLDER}/${FAIL.pcap}`,
    'again     npm run lab crash-server -- --client python --server python --engine local',
  ]) {
    t.true(text.includes(part), part);
  }
});

test('totals count each verdict in each engine and cause', (t) => {
  const docker = { ...PASS, engine: 'docker', causes: ['crash', 'closed'] } as const;
  const text = summary([PASS, FAIL, UNKNOWN, NOT_RUN, docker]);
  for (const row of [
    '| local | crash | 1 | 1 | 1 | 1 |',
    '| local | **all** | 1 | 1 | 1 | 1 |',
    '| docker | crash | 1 |  |  |  |',
    '| docker | closed | 1 |  |  |  |',
    '| docker | **all** | 1 |  |  |  |',
  ]) {
    t.true(text.includes(`\n${row}\n`), row);
  }
});

test('an interruption, lost cells and a shard are told', (t) => {
  const shard = { index: 2, count: 5, plan: 'c'.repeat(16), total: 50 };
  const text = summary([PASS], { interrupted: true, planned: 3, shard });
  t.regex(text, /1 cells, shard 2 of 5: 1 pass, .*\*\*Only 1 of 3 have a result\.\*\* \*\*It was/);
});

test('outcomes that were not met, and differences with their links, are told', (t) => {
  const text = summary([RACE.reset, differing(true)]);
  t.regex(text, /Outcomes that were not met in this run: 1/);
  t.regex(text, /\| 04 crash.*race \| end of file \| the FIN was first \| 0 of 1 cells \|/);
  t.true(text.includes(`it reads unasked ([source](${LINK})) | 1 of 1 cells | needed |`));
});

test('whatever programs print, nothing of it is more than text', (t) => {
  const text = summary(HOSTILE_CELLS, { command: HOSTILE.join(' ') });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
  const outside = outsideBlocks(text);
  t.true(outside.includes('owned'), 'the texts are there');
  const tags = new Set(outside.match(/<[^>]*>?/g));
  t.deepEqual([...tags].sort(), [
    ...['</code>', '</details>', '</summary>', '<code>', '<details>', '<summary>'],
  ]);
  // Character references apart, nothing is left that makes a mention, a link, a picture or emphasis.
  for (const line of outside.split('\n').filter((one) => one.includes('owned'))) {
    t.notRegex(line, /@|:\/\/|www\.|`|!\[|\]\(|\$|~|_|\[|\\/);
    t.notRegex(line, /&#64;(?!&#8288;)/, 'a mention');
    t.notRegex(line, /&#35;(?=\d)/, 'a reference');
    t.notRegex(line, /:[a-z]+:/, 'a picture');
    t.notRegex(line, /\*\*owned|\* owned|^#+ owned/);
  }
});

test('the columns of a table are those of its head, whatever stands in it', (t) => {
  let columns = 0;
  for (const line of outsideBlocks(summary(HOSTILE_CELLS)).split('\n')) {
    if (!line.startsWith('|')) columns = 0;
    else {
      const found = line.split('|').length;
      if (columns === 0) columns = found;
      t.is(found, columns, line);
    }
  }
});

test('each block of details ends', (t) => {
  const outside = outsideBlocks(summary([...HOSTILE_CELLS, RACE.reset, differing(true)]));
  const open = outside.match(/^<details>$/gm)?.length;
  t.is(open, outside.match(/^<\/details>$/gm)?.length);
  t.true((open ?? 0) >= 3);
});

test('a page that would be too long for a CI is cut between its parts, and says so', (t) => {
  const long = { ...FAIL, reason: 'x'.repeat(20_000) };
  const text = summary(Array.from({ length: 400 }, (_, index) => ({ ...long, repeat: index })));
  t.true(Buffer.byteLength(text) < 1024 * 1024);
  t.true(Buffer.byteLength(text) > 900_000);
  t.regex(
    text,
    /\*\*This page is full: \d+ of its \d+ parts are left out\.\*\* All is in .*run\.json\.\n$/,
  );
  t.notThrows(() => outsideBlocks(text));
  t.regex(text, /\| local \| crash \| {2}\| 400 \|/, 'the totals are whole');
});

test('a run without cells has a page', (t) => {
  t.regex(summary([]), /^## ❔ Reset Labs: unknown\n\n0 cells: none/);
});
