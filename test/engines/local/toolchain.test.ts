import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { LanguageVersion, NamedLanguage } from '../../../runners/catalog/language.ts';
import { until } from '../../../runners/deadline.ts';
import { ClosedError } from '../../../runners/engines/closed-error.ts';
import { openLocalEngine } from '../../../runners/engines/local/local-engine.ts';
import {
  compiled,
  findToolchain,
  toolchainsOf,
  versionOf,
} from '../../../runners/engines/local/toolchain.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { folderWith } from '../../_folder.ts';
import { BASICS, folderOfCommands, setEnvironment } from '../../doctor/_machine.ts';

/** A language with a compiler, whose other versions lie in subfolders of $KLINGON. */
const KLINGON: NamedLanguage = {
  name: 'klingon',
  id: 'klingon',
  of: 'klingon',
  runtime: 'klingon',
  seen: ['1'],
  title: 'Klingon',
  folder: '',
  sources: [],
  run: { ask: ['klingon', 'Ask'] } as unknown as NamedLanguage['run'],
  compile: ['klingonc', '-d', '{out}'],
  toolchain: {
    commands: ['klingon', 'klingonc'],
    version: ['klingon', '--version'],
    debian: 'qo-nos',
    homes: ['$KLINGON/*', '$NOBODY_HAS_SET_THIS/*'],
  },
  faces: {},
  version: null,
};

function version(name: string, more: Partial<LanguageVersion> = {}): NamedLanguage {
  return {
    ...KLINGON,
    id: `klingon@${name}`,
    runtime: `klingon@${name}`,
    version: { name, image: 'none', ...more },
  };
}

/** The commands of one version; the compiler leaves its own version behind. */
function commands(version: string) {
  return {
    klingon: `echo 'klingon version "${version}"' >&2`,
    klingonc: `echo ${version} >"$2/compiled-by"`,
  };
}

/** Version 17.0.15 on the PATH; homes with 25.0.3, with one that has no compiler, and with a broken one. */
function machine(t: ExecutionContext): string {
  const KLINGON = folderWith(t);
  const add = (home: string, scripts: Record<string, string>) => {
    mkdirSync(join(KLINGON, home));
    renameSync(folderOfCommands(t, [], scripts), join(KLINGON, home, 'bin'));
  };
  add('klingon-25', commands('25.0.3'));
  add('klingon-8', { klingon: commands('8').klingon ?? '' });
  add('broken', { ...commands('1'), klingon: 'exit 1' });
  symlinkSync('klingon-25', join(KLINGON, 'default'));
  const PATH = folderOfCommands(t, BASICS, commands('17.0.15'));
  setEnvironment(t, { KLINGON, PATH });
  return KLINGON;
}

test.serial('without a wish it is that of the PATH; homes are not looked at', async (t) => {
  machine(t);
  t.deepEqual(await findToolchain(KLINGON), { bin: null });
});

const SHIMMED = {
  ...KLINGON,
  toolchain: { ...KLINGON.toolchain, itself: ['klingon', '--itself'] },
};

/** What is on the PATH, and what it says of itself; `real` stands for the folder of the commands themselves. */
function shim(t: ExecutionContext, says: (real: string) => string): string {
  const real = folderOfCommands(t, [], commands('25.0.3'));
  const klingon = `echo '${says(real)}'`;
  setEnvironment(t, { PATH: folderOfCommands(t, BASICS, { ...commands('17.0.15'), klingon }) });
  return real;
}

test.serial(
  'behind the shims of a version manager the commands themselves are taken',
  async (t) => {
    const real = shim(t, (real) => `${real}/klingon`);
    t.deepEqual(await findToolchain(SHIMMED), { bin: real });
    t.deepEqual(await findToolchain(KLINGON), { bin: null }, 'that does not tell');
  },
);

for (const [what, says] of [
  ['tells nothing', () => ''],
  ['tells what is not there', () => '/nobody/has/this/klingon'],
  ['tells no path', () => 'klingon'],
] as const) {
  test.serial(`where a shim ${what}, it is taken itself`, async (t) => {
    shim(t, says);
    t.deepEqual(await findToolchain(SHIMMED), { bin: null });
  });
}

test.serial('where the PATH leads to the command itself, it is taken from there', async (t) => {
  const PATH = folderOfCommands(t, BASICS, { ...commands('17.0.15'), klingon: 'echo "$0"' });
  setEnvironment(t, { PATH });
  t.deepEqual(await findToolchain(SHIMMED), { bin: null });
  const linked = folderOfCommands(t, BASICS, commands('17.0.15'));
  rmSync(join(linked, 'klingon'));
  symlinkSync(join(PATH, 'klingon'), join(linked, 'klingon'));
  const told = { ...SHIMMED.toolchain, itself: ['klingon', join(PATH, 'klingon')] };
  writeFileSync(join(PATH, 'klingon'), '#!/bin/sh\necho "$1"\n');
  setEnvironment(t, { PATH: linked });
  t.deepEqual(await findToolchain({ ...SHIMMED, toolchain: told }), { bin: null }, 'by a link');
});

test.serial(
  'all that is on this machine, each once, with the version that it reports',
  async (t) => {
    const homes = machine(t);
    t.deepEqual(await toolchainsOf(KLINGON), [
      { bin: null, version: '17.0.15' },
      { bin: join(homes, 'broken/bin'), version: null },
      { bin: join(homes, 'klingon-25/bin'), version: '25.0.3' },
    ]);
  },
);

test.serial('a version is found on the PATH, or in a home', async (t) => {
  const homes = machine(t);
  t.like(await findToolchain(version('17')), { bin: null });
  t.like(await findToolchain(version('25')), { bin: join(homes, 'klingon-25/bin') });
});

test.serial('a version that is not here: what is, and what installs it', async (t) => {
  machine(t);
  const WHAT = 'is not on this machine, only 17.0.15, 25.0.3';
  for (const [wanted, mend] of [
    [version('8', { debian: 'klingon-8' }), 'apt-get install klingon-8'],
    [version('2', { npm: 'klingon-linux-' }), 'npm run toolchains -- klingon@2'],
    [version('1'), 'use --engine docker'],
  ] as const) {
    t.deepEqual(await findToolchain(wanted), {
      unavailable: `Klingon ${wanted.version?.name} ${WHAT}: ${mend}`,
    });
  }
});

test.serial(
  'a command that fails leaves no crash dump of Erlang in the folder of who runs it',
  async (t) => {
    const says = 'echo "klingon 1.$ERL_CRASH_DUMP_BYTES"';
    setEnvironment(t, {
      ERL_CRASH_DUMP_BYTES: '7',
      PATH: folderOfCommands(t, BASICS, {
        klingon: says,
        klingonc: `${says} >"$2/compiled-by"`,
      }),
    });
    t.is(await versionOf(KLINGON, { bin: null }), '1.0');
    const folder = await compiled({ ...KLINGON, folder: folderWith(t) });
    t.teardown(() => rmSync(folder, { recursive: true }));
    t.is(readFileSync(join(folder, 'compiled-by'), 'utf8'), 'klingon 1.0\n');
  },
);

test.serial('an engine compiles and runs each version with its own commands', async (t) => {
  const homes = machine(t);
  const engine = await openLocalEngine({ runId: 'test', capture: false, progress: () => {} });
  t.teardown(() => engine.close());
  const folder = folderWith(t);
  const languages = [KLINGON, version('25')].map((language) => ({ ...language, folder }));
  for (const language of languages) t.is(await engine.prepare(language), undefined);
  const [plain, other] = languages.map((language) => engine.installed(language, 'ask'));
  t.deepEqual(plain?.command, ['klingon', 'Ask']);
  t.deepEqual(other?.command, [join(homes, 'klingon-25/bin/klingon'), 'Ask']);
  const compiledBy = ({ folder = '' } = {}) => {
    t.teardown(() => rmSync(folder, { recursive: true }));
    return readFileSync(join(folder, 'compiled-by'), 'utf8');
  };
  t.deepEqual([compiledBy(plain), compiledBy(other)], ['17.0.15\n', '25.0.3\n']);
  const missing = await engine.prepare(version('8', { debian: 'klingon-8' }));
  t.true(isUnavailable(missing));
});

test.serial('another compiler at the same path compiles anew, the same one does not', async (t) => {
  machine(t);
  const language = { ...KLINGON, folder: folderWith(t) };
  const first = await compiled(language);
  t.teardown(() => rmSync(first, { recursive: true }));
  t.is(await compiled(language), first);
  const compiler = join(process.env.PATH ?? '', 'klingonc');
  const text = readFileSync(compiler, 'utf8');
  writeFileSync(compiler, text.replace('17.0.15', '21'));
  const second = await compiled(language);
  t.teardown(() => rmSync(second, { recursive: true, force: true }));
  t.not(second, first);
  t.is(readFileSync(join(second, 'compiled-by'), 'utf8'), '21\n');
});

test.serial('a compiler ends when the engine is closed, and leaves nothing', async (t) => {
  const begun = join(folderWith(t), 'begun');
  const klingonc = `echo "$2" >${begun}; exec /bin/sleep infinity`;
  const PATH = folderOfCommands(t, BASICS, { ...commands('1'), klingonc });
  setEnvironment(t, { PATH });
  const engine = await openLocalEngine({ runId: 'test', capture: false, progress: () => {} });
  const preparing = engine.prepare({ ...KLINGON, folder: folderWith(t) });
  const out = () => (existsSync(begun) && readFileSync(begun, 'utf8').trim()) || undefined;
  const folder = await until('the compiler', async () => out());
  const closing = engine.close();
  await t.throwsAsync(preparing, { instanceOf: ClosedError });
  await closing;
  t.false(existsSync(folder));
});
