import { $ } from 'zx';
import { commandOf } from '../catalog/lacks.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { compiled } from '../engines/local/toolchain.ts';
import { inProject } from '../paths.ts';

$.quiet = true;

/**
 * The same pairs of bare processes on loopback, started together by a shell.
 *
 * @returns milliseconds
 */
export async function localFloor(languages: readonly NamedLanguage[]): Promise<number> {
  const server = languages.find(({ name }) => name === 'python') as NamedLanguage;
  const programs = await Promise.all(
    languages.map(async (language) => [
      '--',
      await compiled(language),
      ...commandOf(language, 'ask'),
    ]),
  );
  const port = 12_000 + Math.floor(Math.random() * 7_000);
  const began = performance.now();
  await $`bash ${inProject('runners/bench/local-floor.sh')} ${port} ${server.folder} ${commandOf(server, 'server')} ${programs.flat()}`;
  return performance.now() - began;
}

/**
 * The same containers by `docker run`; the images are those that the labs have just used.
 *
 * @returns milliseconds until the last client has met the reset
 */
export async function dockerFloor(languages: readonly NamedLanguage[]): Promise<number> {
  const images = languages.map(
    (language) => `reset-labs/${language.of}:latest=${commandOf(language, 'ask').join(' ')}`,
  );
  const name = `reset-labs-bench-${process.pid}-${Math.floor(Math.random() * 1e6)}`;
  const script = inProject('runners/bench/docker-floor.sh');
  const { stdout } =
    await $`bash ${script} ${name} reset-labs/python:latest reset-labs/tools:latest ${images}`;
  return Number(stdout);
}

/**
 * Containers for client, server and tcpdump by a compose command, up and down, without any program.
 *
 * @returns milliseconds and the command; undefined where none is installed
 */
export async function composeUpAndDown(): Promise<
  { readonly ms: number; readonly command: string } | undefined
> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const asked = await $({ nothrow: true })`${command} version --short`;
    if (asked.exitCode !== 0) continue;
    const words = ['-p', `reset-labs-bench-${process.pid}`, '-f', 'docker/direct.compose.yaml'];
    const began = performance.now();
    await $`${command} ${words} up --detach client server probe`;
    await $`${command} ${words} down --timeout 0`;
    const ms = performance.now() - began;
    return { ms, command: `${command.join(' ')} ${asked.stdout.trim()}` };
  }
  return undefined;
}
