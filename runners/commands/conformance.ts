import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadLanguages, runtimesOf } from '../catalog/load.ts';
import { findToolchain } from '../engines/local/toolchain.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { inProject, ROOT } from '../paths.ts';
import { EnvironmentError, EXIT, type ExitStatus } from '../user-error.ts';

/**
 * Holds languages' programs against docs/programs.md; see `npm run conformance -- --help`.
 *
 * @throws EnvironmentError where a toolchain is not there: what was not checked must not look well
 */
export async function conformanceCommand(names: readonly string[]): Promise<ExitStatus> {
  const languages = await loadLanguages(
    names.length === 0 ? ['all'] : names,
    'npm run conformance',
  );
  for (const language of runtimesOf(languages)) {
    const found = await findToolchain(language);
    if (isUnavailable(found)) throw new EnvironmentError(found.unavailable);
  }
  const ava = inProject('node_modules/ava/entrypoints/cli.mjs');
  const tests = spawn(process.execPath, [ava, 'test/programs/conformance*.test.ts'], {
    cwd: ROOT,
    env: { ...process.env, LANGUAGES: languages.map(({ name }) => name).join(',') },
    stdio: 'inherit',
  });
  const [status] = await once(tests, 'close');
  return status === 0 ? EXIT.pass : EXIT.fail;
}
