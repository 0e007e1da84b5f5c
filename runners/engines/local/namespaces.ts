import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { within } from '../../deadline.ts';
import { CACHE, inProject } from '../../paths.ts';
import { Agent } from '../agent/agent.ts';
import { CAPTURE_COMMAND, Capture } from '../capture.ts';
import type { Role, Topology } from '../engine.ts';
import type { Unavailable } from '../unavailable.ts';
import { assertNamespaces, unshareFlags } from './permission.ts';
import { maskOf, Processors } from './processors.ts';
import { searchPath } from './toolchain.ts';

/**
 * Two addresses of the range for benchmarks (RFC 2544), drawn at random: nobody outside of the namespaces
 * sees them, but the kernel's trace shows all namespaces at once, and tells them apart by addresses only.
 */
function drawAddresses(): Readonly<Record<Role, string>> {
  const link = `198.${randomInt(18, 20)}.${randomInt(256)}`;
  const host = randomInt(1, 254);
  return { client: `${link}.${host}`, server: `${link}.${host + 1}` };
}

const processors = new Processors();

/** Makes the two hosts of topology `direct`; see namespaces.sh. */
export async function makeNamespaces(capture: Unavailable | undefined): Promise<Topology> {
  const scratch = join(CACHE, 'scratch');
  const addresses = drawAddresses();
  const processor = processors.next();
  await mkdir(scratch, { recursive: true });
  const child = spawn(
    'unshare',
    [
      ...unshareFlags(),
      ...['bash', inProject('runners/engines/local/namespaces.sh')],
      ...[
        inProject('runners/engines/agent/agent.sh'),
        scratch,
        String(processor),
        maskOf(processor),
      ],
      ...[addresses.client, addresses.server],
      ...(capture ? [] : captureCommand()),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath() },
    },
  );
  const ended = endOf(child);
  // Node types only the first five; all that are asked for as 'pipe' are there, both ways.
  const [, , , clientEnd, serverEnd, packets, messages] = child.stdio as unknown as Duplex[];
  if (!clientEnd || !serverEnd || !packets || !messages) throw new Error(await ended);
  const agents = {
    client: new Agent('client', { input: clientEnd, output: clientEnd }),
    server: new Agent('server', { input: serverEnd, output: serverEnd }),
  };
  const close = async () => {
    clientEnd.end();
    serverEnd.end();
    await within('the end of the namespaces', ended);
  };
  const hosts = {
    client: { role: 'client', agent: agents.client, address: addresses.client },
    server: { role: 'server', agent: agents.server, address: addresses.server },
  } as const;
  const watch = capture ?? new Capture(packets, messages);
  try {
    await Promise.all([agents.client.ready, agents.server.ready]).catch(async () => {
      throw new Error(`the namespaces could not be made: ${await ended}`);
    });
    return { hosts, capture: watch, close };
  } catch (error) {
    await close();
    // Only now is it asked why: the trial costs as much as the hosts.
    await assertNamespaces();
    throw error;
  }
}

function captureCommand(): string[] {
  // As root, Debian's tcpdump would change to its own user, who must not write to our pipe.
  const [command = '', ...words] = CAPTURE_COMMAND;
  return [command, ...(process.getuid?.() === 0 ? ['-Z', 'root'] : []), ...words];
}

/** Resolves with what was said on standard error when the process has ended. */
function endOf(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(said.trim() || `unshare ended with ${status}`));
  });
}
