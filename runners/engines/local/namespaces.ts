import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type HostName, needsAdministrator } from '../../catalog/topology.ts';
import { until, within } from '../../deadline.ts';
import { CACHE, inProject } from '../../paths.ts';
import { Agent } from '../agent/agent.ts';
import { CAPTURE_COMMAND, Capture } from '../capture.ts';
import type { Host, Topology, TopologySpec } from '../engine.ts';
import type { Unavailable } from '../unavailable.ts';
import { memoryLimited } from './needs.ts';
import { drawNetwork } from './network.ts';
import { assertNamespaces, unshareFlags } from './permission.ts';
import { maskOf, Processors } from './processors.ts';
import { searchPath } from './toolchain.ts';
import { unprivileged } from './unprivileged.ts';
import { hostsView } from './view.ts';

const processors = new Processors();

class LocalHost implements Host {
  readonly name: HostName;
  readonly address: string;
  agent: Agent;
  readonly #isAdministered: boolean;

  constructor(
    { name, address }: { name: HostName; address: string },
    stream: Duplex,
    isAdministered: boolean,
  ) {
    this.name = name;
    this.address = address;
    this.agent = new Agent(name, { input: stream, output: stream }, unprivileged());
    this.#isAdministered = isAdministered;
  }

  get programs(): Agent {
    return this.agent;
  }

  get administrator(): Agent {
    if (this.#isAdministered) return this.agent;
    throw new Error(`host ${this.name} has no administrator: its topology was made without needs`);
  }
}

/** Makes a topology's hosts; see namespaces.sh. */
export async function makeNamespaces(
  spec: TopologySpec,
  { capture, runId }: { readonly capture: Unavailable | undefined; readonly runId: string },
): Promise<Topology> {
  const scratch = join(CACHE, 'scratch');
  const network = drawNetwork(spec.kind, spec.ip);
  const processor = processors.next();
  await mkdir(scratch, { recursive: true });
  const view = hostsView(scratch);
  const making = [
    ...['unshare', ...unshareFlags(), 'bash', inProject('runners/engines/local/namespaces.sh')],
    ...[inProject('runners/engines/agent/agent.sh'), scratch, String(processor), maskOf(processor)],
    ...[view.folders.join('\n'), view.fstab, view.ownFstab],
    ...network.flatMap(({ name, commands }) => [name, commands, settings(spec, name)]),
    ...['--', ...(capture ? [] : captureCommand())],
  ];
  const isLimited = spec.needs.includes('memory-limit');
  const [command = '', ...words] = isLimited ? memoryLimited(runId, making) : making;
  const child = spawn(command, words, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', ...network.map(() => 'pipe' as const)],
    env: { ...process.env, PATH: searchPath(), HOME: view.writable, TMPDIR: view.writable },
  });
  const ended = endOf(child);
  // Node types only the first five; all that are asked for as 'pipe' are there, both ways.
  const [, , , packets, messages, ...ends] = child.stdio as unknown as Duplex[];
  const hosts = network.flatMap((host, place) => {
    const end = ends[place];
    return end ? new LocalHost(host, end, needsAdministrator(spec.needs)) : [];
  });
  const [client, server] = [hosts[0], hosts.at(-1)];
  if (!packets || !messages || !client || !server) throw new Error(await ended);
  const close = async () => {
    for (const end of ends) end.end();
    await within('the end of the namespaces', ended).catch(async () => {
      // An agent that was stopped does not see the end of its input.
      child.kill('SIGKILL');
      await within('the end of the namespaces after SIGKILL', ended);
    });
  };
  const watch = capture ?? new Capture(packets, messages);
  try {
    const ready = Promise.all(hosts.map(({ agent }) => agent.ready)).catch(async () => {
      throw new Error(`the namespaces could not be made: ${await ended}`);
    });
    await within('the agents of the hosts', ready);
    return {
      hosts: {
        ...Object.fromEntries(hosts.map((host) => [host.name, host])),
        ...{ client, server },
      },
      capture: watch,
      // Any program runs on any host here.
      admit: async () => {},
      async rebootServer() {
        server.agent = server.agent.reboot();
        await within('the agent of the host that reboots', server.agent.ready);
        const [neighbour = client, device] = [hosts.at(-2), hosts.length > 2 ? 'eth1' : 'eth0'];
        await linkIsUp(neighbour.agent, device);
        return [];
      },
      close,
    };
  } catch (error) {
    await close();
    // Only now is it asked why: the trial costs as much as the hosts.
    await assertNamespaces();
    throw error;
  }
}

function settings({ sysctls }: TopologySpec, host: HostName): string {
  const forwarding = { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 };
  const all = { ...(host === 'router' ? forwarding : {}), ...sysctls[host] };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/**
 * Waits until the kernel sends on a link again: it learns a moment late that the other end is back, and what
 * it is to send until then is lost.
 */
async function linkIsUp(agent: Agent, device: string): Promise<void> {
  await until(`link ${device} of host ${agent.host}`, async () => {
    const [said = ''] = await agent.run('ip', '-oneline', 'link', 'show', device);
    return / state UP /.test(said) || undefined;
  });
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
    child.on('close', (status) => {
      resolve(causeIn(said.trim()) || `unshare ended with ${status}`);
    });
  });
}

/** What a host says of itself is the cause; the commands of others may fail by its end, and say so. */
function causeIn(said: string): string {
  return said.split('\n').find((line) => line.startsWith('host ')) ?? said;
}
