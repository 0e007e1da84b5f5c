import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { LanguageVersion, NamedLanguage } from '../../runners/catalog/language.ts';
import { fetchRuntime, runtimeFolder } from '../../runners/engines/npm-runtime.ts';
import { CACHE } from '../../runners/paths.ts';
import { EnvironmentError } from '../../runners/user-error.ts';
import { BASICS, folderOfCommands, setEnvironment } from '../doctor/_machine.ts';

const name = `klingon-${process.pid}`;
const version: LanguageVersion = { name: '7', image: 'on request', npm: 'klingon-linux-' };
const language = { name, of: name, id: `${name}@7`, version } as NamedLanguage;
const folder = join(CACHE, 'toolchains', `${name}-7-arm64`);

/** An npm that says its arguments and does this, and what it needs. */
function npm(t: ExecutionContext, script: string): void {
  const real = [...BASICS, 'tar', 'gzip', 'chmod'];
  setEnvironment(t, { PATH: folderOfCommands(t, real, { npm: script }) });
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
}

function left(): string[] {
  return readdirSync(join(CACHE, 'toolchains')).filter((entry) => entry.startsWith(name));
}

test('it has a folder for each version and architecture; none where npm does not have it', (t) => {
  t.is(runtimeFolder(language, version, 'arm64'), folder);
  t.is(runtimeFolder(language, version), join(CACHE, 'toolchains', `${name}-7-${process.arch}`));
  t.is(runtimeFolder(language, { name: '7', image: 'none' }), undefined);
});

test.serial(
  'a package is fetched once; its executables are kept, nothing of it is run',
  async (t) => {
    npm(
      t,
      [
        'mkdir -p package/bin package/include',
        'echo "$*" >package/bin/klingon; chmod 755 package/bin/klingon',
        'touch package/LICENSE package/include/huge.h',
        'tar -czf klingon-linux-arm64-7.1.2.tgz package; rm -r package',
      ].join('\n'),
    );
    const progress: string[] = [];
    t.is(await fetchRuntime(language, (text) => progress.push(text), 'arm64'), folder);
    t.is(progress[0], 'fetching klingon-linux-arm64@7 by npm');
    t.regex(progress[1] ?? '', /^fetched klingon-linux-arm64@7 in \d+\.\d s$/);
    t.deepEqual(readdirSync(folder).sort(), ['LICENSE', 'bin']);
    const executable = join(folder, 'bin/klingon');
    t.is(readFileSync(executable, 'utf8'), 'pack klingon-linux-arm64@7 --loglevel=error\n');
    t.is(statSync(executable).mode & 0o777, 0o755);
    t.is(statSync(folder).mode & 0o777, 0o755);
    t.deepEqual(left(), [`${name}-7-arm64`]);

    setEnvironment(t, { PATH: folderOfCommands(t, [], { npm: 'exit 1' }) });
    t.is(await fetchRuntime(language, (text) => progress.push(text), 'arm64'), folder);
    t.is(progress.length, 2, 'it was there');
  },
);

test.serial('npm that does not give it: what it said, and nothing is left', async (t) => {
  npm(t, 'echo "npm warn about the weather" >&2; echo "npm error code E404" >&2; exit 1');
  await t.throwsAsync(
    fetchRuntime(language, () => {}, 'arm64'),
    {
      instanceOf: EnvironmentError,
      message: `${name}@7 cannot be fetched (npm error code E404). See what npm says: npm view klingon-linux-arm64@7`,
    },
  );
  t.false(existsSync(folder));
  t.deepEqual(left(), []);
});
