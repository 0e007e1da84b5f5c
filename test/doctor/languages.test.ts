import test from 'ava';
import type { LanguageVersion, NamedLanguage } from '../../runners/catalog/language.ts';
import { languageCheck, versionsCheck } from '../../runners/doctor/languages.ts';
import { folderWith } from '../_folder.ts';
import { folderOfCommands, setEnvironment } from './_machine.ts';

const KLINGON: NamedLanguage = {
  name: 'klingon',
  id: 'klingon',
  of: 'klingon',
  runtime: 'klingon',
  seen: ['1'],
  version: null,
  title: 'Klingon',
  folder: '',
  sources: [],
  run: {} as NamedLanguage['run'],
  toolchain: { commands: ['klingon'], version: ['klingon', '--version'], debian: 'qo-nos' },
  faces: {},
};
const INSTALL = `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install qo-nos`;

test.serial('a command that is not on the PATH', async (t) => {
  setEnvironment(t, { PATH: folderOfCommands(t, []) });
  t.deepEqual(await languageCheck(KLINGON), {
    name: 'local klingon',
    status: 'missing',
    detail: 'Klingon needs `klingon`, which is not on the PATH',
    mend: INSTALL,
  });
});

test.serial('a command that is there and does not start', async (t) => {
  const broken = { klingon: 'echo "no version is chosen" >&2; exit 1' };
  setEnvironment(t, { PATH: folderOfCommands(t, [], broken) });
  const { status, detail, mend } = await languageCheck(KLINGON);
  t.is(status, 'missing');
  t.is(detail, '`klingon --version` fails: Command failed: klingon --version no version is chosen');
  t.is(mend, INSTALL);
});

test.serial('a version on standard error', async (t) => {
  const old = { klingon: 'echo \'qo-nos version "17.0.15" 2025-04-15\' >&2' };
  setEnvironment(t, { PATH: folderOfCommands(t, [], old) });
  t.deepEqual(await languageCheck(KLINGON), {
    name: 'local klingon',
    status: 'ok',
    detail: 'Klingon 17.0.15',
    mend: null,
  });
});

test.serial('a compiler that is too old for the programs', async (t) => {
  const old = {
    klingon: 'echo klingon 1.2',
    klingonc: 'echo "error: what is a record?" >&2; exit 1',
  };
  setEnvironment(t, { PATH: folderOfCommands(t, [], old) });
  const compile = ['klingonc', '-d', '{out}'];
  const folder = folderWith(t);
  const { detail, ...rest } = await languageCheck({ ...KLINGON, folder, compile });
  t.regex(detail, /^Klingon 1\.2: The programs of Klingon do not compile: .*what is a record\?$/);
  t.deepEqual(rest, {
    name: 'local klingon',
    status: 'missing',
    mend: 'cd labs/programs/klingon && klingonc -d /tmp/out',
  });
});

test.serial('versions: those that are here, and what installs the others', async (t) => {
  setEnvironment(t, { PATH: folderOfCommands(t, [], { klingon: 'echo klingon 2.4' }) });
  const check = (...versions: readonly LanguageVersion[]) =>
    versionsCheck({ ...KLINGON, versions });
  const two = { name: '2', image: 'default' } as const;
  t.is(await check(two), undefined, 'there is no choice');
  t.deepEqual(await check(two, { name: '1', image: 'none', debian: 'klingon-1' }), {
    ...{ name: 'local klingon versions', status: 'ok', detail: 'klingon@2', mend: null },
  });
  const three = { name: '3', image: 'on request', debian: 'klingon-3' } as const;
  t.deepEqual(await check(two, three), {
    name: 'local klingon versions',
    status: 'optional',
    detail: 'klingon@2; not here: klingon@3',
    mend: INSTALL.replace('qo-nos', 'klingon-3'),
  });
  const npm = { image: 'on request', npm: 'klingon-linux-' } as const;
  t.like(await check({ ...two, name: '5' }, { ...npm, name: '3' }, { ...npm, name: '4' }), {
    detail: 'none; not here: klingon@5, klingon@3, klingon@4',
    mend: 'npm run toolchains -- klingon@3 klingon@4',
  });
});
