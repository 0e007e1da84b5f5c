import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openReportFiles, writeReportFiles } from '../../runners/commands/report-files.ts';
import { inProject } from '../../runners/paths.ts';
import { EnvironmentError, UserError } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { typed } from '../_typed.ts';
import { FAIL, runOf } from '../reports/_results.ts';

test('both files are written, and their folders made', async (t) => {
  const folder = folderWith(t);
  const files = { junit: join(folder, 'a/b/report.xml'), summary: join(folder, 'summary.md') };
  await openReportFiles(files);
  await writeReportFiles(files, runOf([FAIL]), inProject('results/mine'));
  t.regex(readFileSync(files.junit, 'utf8'), /^<\?xml .*evidence {2}results\/mine\/cells\//s);
  t.regex(readFileSync(files.summary, 'utf8'), /^## .*evidence {2}results\/mine\/cells\//s);
});

test('a folder outside of the project is named whole', async (t) => {
  const folder = folderWith(t);
  const files = { junit: join(folder, 'report.xml') };
  await writeReportFiles(files, runOf([FAIL]), folder);
  t.true(readFileSync(files.junit, 'utf8').includes(`evidence  ${folder}/cells/`));
});

test('nothing is written that was not asked for', async (t) => {
  await t.notThrowsAsync(openReportFiles({}));
  await t.notThrowsAsync(writeReportFiles({}, runOf([FAIL]), undefined));
});

test('what an earlier run has left is gone before the run begins', async (t) => {
  const junit = join(folderWith(t, { 'report.xml': 'old' }), 'report.xml');
  await openReportFiles({ junit });
  t.is(readFileSync(junit, 'utf8'), '');
});

test('a file that cannot be written is told with its option', async (t) => {
  const folder = folderWith(t, { file: '' });
  for (const name of ['junit', 'summary'] as const) {
    for (const path of [folder, join(folder, 'file/report')]) {
      const error = await t.throwsAsync(openReportFiles({ [name]: path }), {
        instanceOf: UserError,
      });
      t.true(error?.message.startsWith(`--${name} ${path} cannot be written: `), error?.message);
      t.regex(error?.message ?? '', /\. Name another\.$/);
    }
  }
});

test('two reports do not fit in one file', async (t) => {
  const junit = join(folderWith(t), 'report');
  const summary = join(junit, '../report');
  await t.throwsAsync(openReportFiles({ junit, summary }), {
    instanceOf: UserError,
    message: /Name two files\.$/,
  });
  t.false(existsSync(junit));
});

test('a file that can no longer be written at the end is told as well', async (t) => {
  const folder = folderWith(t);
  const junit = join(folder, 'a/report.xml');
  await openReportFiles({ summary: join(folder, 'a') });
  await t.throwsAsync(writeReportFiles({ junit }, runOf([FAIL]), undefined), {
    instanceOf: EnvironmentError,
    message: /^--junit .* could not be written: .* The run itself is kept\.$/,
  });
});

for (const command of [['lab', 'hello'], ['verify']]) {
  test(`${command[0]}: a report that cannot be written is told before anything is run`, async (t) => {
    const folder = folderWith(t, { file: '' });
    const results = join(folder, 'results');
    const words = ['--junit', join(folder, 'file/report.xml'), '--results', results];
    const { status, out, err } = await typed([...command, ...words]);
    t.is(status, 2, err);
    t.is(out, '');
    t.regex(err, /^--junit .* cannot be written: /);
    t.false(existsSync(results));
  });
}

test('a mistyped lab leaves the report of an earlier run as it is', async (t) => {
  const junit = join(folderWith(t), 'report.xml');
  writeFileSync(junit, 'old');
  const { status } = await typed(['lab', 'helo', '--junit', junit]);
  t.is(status, 2);
  t.is(readFileSync(junit, 'utf8'), 'old');
});
