import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import * as v from 'valibot';
import { PROGRAM_NAMES } from '../../runners/catalog/programs.ts';
import { LANGUAGE_SCHEMA } from '../../runners/catalog/schema.ts';
import { newLanguageCommand } from '../../runners/commands/new-language.ts';
import { inProject } from '../../runners/paths.ts';
import { UserError } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { typed } from '../_typed.ts';
import { cli } from './_run.ts';

test.serial(
  'a new language has two folders, and a definition that lacks all programs',
  async (t) => {
    const root = folderWith(t);
    t.is(await newLanguageCommand('klingon', { title: 'Klingon 2' }, root), 0);
    const definition = readFileSync(join(root, 'labs/programs/klingon/language.ts'), 'utf8');
    t.regex(definition, /title: 'Klingon 2'/);
    t.notRegex(definition, /\{(name|title)\}/);
    t.regex(
      readFileSync(join(root, 'docker/klingon/Dockerfile'), 'utf8'),
      /^LABEL reset-labs.image=klingon$/m,
    );
    // Where it is to lie the import leads to the project's own modules.
    const here = definition.replaceAll(
      '../../../runners',
      pathToFileURL(inProject('runners')).href,
    );
    const folder = folderWith(t, { 'language.ts': here });
    const module = await import(pathToFileURL(join(folder, 'language.ts')).href);
    const parsed = v.safeParse(LANGUAGE_SCHEMA, module.default);
    t.true(parsed.success, JSON.stringify(parsed.issues));
    t.deepEqual(Object.keys(module.default.lacks).sort(), [...PROGRAM_NAMES].sort());
  },
);

test.serial('what is there is not written over', async (t) => {
  const root = folderWith(t, { 'docker/klingon/Dockerfile': 'mine' });
  await t.throwsAsync(newLanguageCommand('klingon', {}, root), {
    instanceOf: UserError,
    message: 'docker/klingon/Dockerfile is there already: nothing was written. Take another name.',
  });
  t.is(readFileSync(join(root, 'docker/klingon/Dockerfile'), 'utf8'), 'mine');
  t.throws(() => readFileSync(join(root, 'labs/programs/klingon/language.ts')));
});

for (const name of [
  'Klingon',
  '1st',
  'a-b',
  'a.b',
  'all',
  'usual',
  'same',
  'tools',
  'runner',
  'a/b',
]) {
  test(`"${name}" is refused as a name`, async (t) => {
    await t.throwsAsync(newLanguageCommand(name, {}, folderWith(t)), {
      instanceOf: UserError,
      message: /cannot be the name of a language\. Write a lower-case letter/,
    });
  });
}

test('a language that is there is refused, and the status is 2', async (t) => {
  const { status, err } = await typed(['new:language', 'python']);
  t.is(status, 2);
  t.regex(err, /^labs\/programs\/python\/language\.ts is there already/);
});

test('conformance of a language that is not there is a mistake', async (t) => {
  const { status, err } = await typed(['conformance', 'pyton']);
  t.is(status, 2);
  t.regex(err, /^There is no language "pyton" \(npm run conformance\)\. Did you mean "python"\?/);
});

test('conformance without the toolchain is no pass', async (t) => {
  const { status, err } = await cli(['conformance', 'perl'], { env: { PATH: '/nowhere' } });
  t.is(status, 4);
  t.regex(err, /^Perl needs `perl`, which is not on the PATH: apt-get install perl/);
});
