import { spawn } from 'node:child_process';
import { availableParallelism, release } from 'node:os';
import { dirname } from 'node:path';
import { commandOf } from '../../catalog/lacks.ts';
import type { NamedLanguage } from '../../catalog/language.ts';
import { HOST_NAMES, needsAdministrator } from '../../catalog/topology.ts';
import { inUse } from '../../kept.ts';
import { inProject, PROGRAMS } from '../../paths.ts';
import { EnvironmentError } from '../../user-error.ts';
import { ClosedError } from '../closed-error.ts';
import type { Engine, EngineOptions, Topology } from '../engine.ts';
import { Tracer } from '../tracer.ts';
import { isUnavailable, type Unavailable } from '../unavailable.ts';
import { makeNamespaces } from './namespaces.ts';
import { missingNeed } from './needs.ts';
import { openToAll, readable } from './readable.ts';
import { commandIn, compiled, findToolchain, type Toolchain, which } from './toolchain.ts';

/**
 * The embedded engine: processes of this machine in Linux namespaces.
 *
 * @throws EnvironmentError where this is no Linux; whether namespaces can be made shows when they are
 */
export async function openLocalEngine(options: EngineOptions): Promise<Engine> {
  if (process.platform !== 'linux') {
    throw new EnvironmentError(
      'The local engine needs Linux namespaces. Start Docker and use --engine docker.',
    );
  }
  const kernel = release();
  const prepared = new Map<string, { readonly folder: string; readonly toolchain: Toolchain }>();
  const preparing = new Map<string, Promise<Unavailable | undefined>>();
  const open = new Set<Promise<Topology>>();
  const noCapture = await captureProblem(options);
  let tracer: Promise<Tracer | Unavailable> | undefined;
  const closing = new AbortController();

  async function prepareRuntime(language: NamedLanguage): Promise<Unavailable | undefined> {
    const toolchain = await findToolchain(language);
    if (isUnavailable(toolchain)) return toolchain;
    const folder = await readable(language, await compiled(language, toolchain, closing.signal));
    if (toolchain.bin !== null) await openToAll(dirname(toolchain.bin));
    prepared.set(language.runtime, { folder, toolchain });
    return undefined;
  }

  return {
    name: 'local',
    title: 'local',
    kernel,
    prepare(language) {
      // Once for a language and its flavours: two compilers at once would write into one folder.
      const begun = preparing.get(language.runtime);
      if (begun !== undefined) return begun;
      const making = prepareRuntime(language);
      preparing.set(language.runtime, making);
      return making;
    },
    installed(language, program) {
      const ready = prepared.get(language.runtime);
      if (ready === undefined) throw new Error(`${language.id} is not prepared`);
      if (dirname(ready.folder) === PROGRAMS) void inUse(ready.folder);
      return {
        folder: ready.folder,
        command: commandIn(ready.toolchain, commandOf(language, program)),
      };
    },
    processors: async () => availableParallelism(),
    lacks: (need) => missingNeed(need, options.runId),
    tool: (file) => inProject(`runners/engines/tools/${file}`),
    keys: ({ kind, ip, sysctls, needs }) => [
      JSON.stringify([
        ...[kind, ip, needsAdministrator(needs), needs.includes('memory-limit')],
        HOST_NAMES.map((host) => Object.entries(sysctls[host] ?? {}).sort()),
      ]),
      // Any program runs on any host here.
      '',
    ],
    async make(spec) {
      if (closing.signal.aborted) throw new ClosedError();
      // Kept from its beginning: an engine may be closed while hosts are still being made.
      const making = makeNamespaces(spec, { capture: noCapture, runId: options.runId });
      open.add(making);
      making.catch(() => open.delete(making));
      const topology = await making;
      return {
        ...topology,
        async close() {
          await topology.close();
          open.delete(making);
        },
      };
    },
    async trace() {
      if (closing.signal.aborted) throw new ClosedError();
      tracer ??= openTracer(options.runId);
      return await tracer;
    },
    // It is this machine.
    lost: async () => undefined,
    async close() {
      closing.abort();
      const opened = await tracer?.catch(() => undefined);
      await Promise.all([
        ...[...open].map(async (making) => (await making.catch(() => undefined))?.close()),
        opened instanceof Tracer ? opened.close() : undefined,
      ]);
    },
  };
}

async function captureProblem({ capture }: EngineOptions): Promise<Unavailable | undefined> {
  if (!capture) return { unavailable: 'left out on request' };
  return (await which('tcpdump')) === undefined
    ? { unavailable: 'tcpdump is not on the PATH: apt-get install tcpdump' }
    : undefined;
}

async function openTracer(runId: string): Promise<Tracer | Unavailable> {
  if (process.getuid?.() !== 0) return { unavailable: "the kernel's trace is for root only" };
  const child = spawn(
    'unshare',
    ['--mount', 'bash', inProject('runners/engines/tracer.sh'), `reset-labs.${runId}`],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
  return Tracer.open(child.stdin, child.stdout, ended);
}
