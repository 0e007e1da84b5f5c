import test from 'ava';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import { languageCheck } from '../../runners/doctor/languages.ts';
import { folderWith } from '../_folder.ts';
import { folderOfCommands, setEnvironment } from './_machine.ts';

const KLINGON: NamedLanguage = {
  name: 'klingon',
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
