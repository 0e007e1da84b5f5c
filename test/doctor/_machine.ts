import { accessSync, constants, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { folderWith } from '../_folder.ts';

/** What scripts of the project call, but no toolchain and nothing of the engine's. */
export const BASICS = [
  ...['bash', 'cat', 'dirname', 'id', 'mkdir', 'mktemp', 'rm', 'rmdir', 'tail', 'touch'],
];

/** A folder for the PATH with links to real commands, and scripts in place of others (name → text). */
export function folderOfCommands(
  t: ExecutionContext,
  real: readonly string[],
  scripts: Readonly<Record<string, string>> = {},
): string {
  const folder = folderWith(t);
  // A script takes the place of a link. Were it written through the link, it would replace the real command.
  const links = new Set(real.filter((command) => scripts[command] === undefined));
  for (const command of links) symlinkSync(pathOf(command), join(folder, command));
  for (const [command, text] of Object.entries(scripts)) {
    const file = join(folder, command);
    writeFileSync(file, `#!${pathOf('bash')}\n${text}\n`, { flag: 'wx', mode: 0o755 });
  }
  return folder;
}

function pathOf(command: string): string {
  // The very program: a version manager's stand-in would look for itself on the PATH.
  if (command === 'node') return process.execPath;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const found = folders.map((folder) => join(folder, command)).find(isExecutable);
  if (found === undefined) throw new Error(`this test needs ${command}`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Changes variables of this process's environment until the test ends. Only for serial tests. */
export function setEnvironment(
  t: ExecutionContext,
  change: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(change)) {
    const before = process.env[name];
    process.env[name] = value;
    t.teardown(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

/** A Docker API that answers, has only these images and makes nothing. Returns its DOCKER_HOST. */
export async function fakeDocker(
  t: ExecutionContext,
  { images = [] as readonly string[], refuses = '' } = {},
): Promise<string> {
  const socket = join(folderWith(t), 'docker.sock');
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url.replace(/^\/v[\d.]+/, '').replace(/\?.*/, ''));
    const image = /^\/images\/(.*)\/json$/.exec(path)?.[1];
    const [status, body] =
      path === '/version'
        ? [200, { Version: '28.2.2', KernelVersion: '6.18.44', Os: 'linux', ApiVersion: '1.50' }]
        : refuses !== '' && path.startsWith(`/${refuses}/`)
          ? [500, { message: 'refused' }]
          : image !== undefined && images.includes(image)
            ? [200, { Id: 'sha256:1' }]
            : [404, { message: `no such thing: ${path}` }];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  server.listen(socket);
  t.teardown(() => promisify(server.close.bind(server))());
  return `unix://${socket}`;
}

/** Where nobody listens. */
export const NO_DOCKER = 'unix:///nowhere/docker.sock';
