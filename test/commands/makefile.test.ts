import { readFileSync } from 'node:fs';
import test from 'ava';
import { inProject } from '../../runners/paths.ts';
import { BASICS, folderOfCommands } from '../doctor/_machine.ts';
import { run } from './_run.ts';

const makefile = readFileSync(inProject('Makefile'), 'utf8');
const targets = /^\.PHONY: (.*)$/m.exec(makefile)?.[1]?.split(' ') ?? [];

const hasMake = await run('make', ['--version']).then(
  () => true,
  () => false,
);
const withMake = hasMake ? test : test.skip;

withMake('make alone, and make help, list every target in 80 columns', async (t) => {
  const help = await run('make', ['help']);
  t.like(help, { status: 0, err: '' });
  t.is((await run('make', [])).out, help.out);
  const lines = help.out.trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => /^ {2}make (\S+) +\S/.exec(line)?.[1]),
    targets,
  );
  t.deepEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
});

withMake('every script of package.json that people call has a target', (t) => {
  const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['lab', 'verify', 'docs', 'doctor', 'images', 'clean', 'bench', 'test']) {
    t.true(name in scripts, name);
    t.true(targets.includes(name), name);
  }
});

withMake('variables reach the set-up and the lab', async (t) => {
  const plain = await run('make', ['--dry-run', 'lab']);
  t.is(plain.out, 'scripts/setup.sh --engine auto \nnpm run lab -- crash-server \n');
  const { out } = await run('make', ['--dry-run', 'lab', 'LAB=abort', 'ARGS=--engine local']);
  t.is(out, 'scripts/setup.sh --engine auto --engine local\nnpm run lab -- abort --engine local\n');
});

withMake('a set-up that fails ends the target: one message, no lab', async (t) => {
  const PATH = folderOfCommands(t, [...BASICS, 'make', 'env', 'sh']);
  const { status, out, err } = await run('make', ['lab'], { env: { PATH } });
  t.is(status, 2);
  t.is(out, '');
  t.regex(err, /^Node\.js is not on the PATH; .*\nmake: \*\*\* \[.*\] Error 4\n$/);
});
