import type { NamedLanguage } from '../catalog/language.ts';
import type { Engine, Topology } from '../engines/engine.ts';
import { inContainer } from '../engines/in-container.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { messageOf } from '../user-error.ts';
import { aptInstall, type Check, missing, ok, optional, split } from './check.ts';

export type Trial = {
  readonly engine: Engine;
  /** Any one: the hosts are tried, not the language. */
  readonly language: NamedLanguage;
  /** How the hosts are made, for a person. */
  readonly how: string;
  /** What a failure to make hosts means, and what mends it. */
  readonly explain: (message: string) => { detail: string; mend: string | null };
};

/**
 * Really makes a client and a server, captures a packet between them, opens the kernel's trace, and takes
 * all of it away. It closes the engine.
 */
export async function tryHosts(trial: Trial): Promise<Check[]> {
  const [[hosts, packets], trace] = await Promise.all([
    hostsChecks(trial),
    traceCheck(trial.engine),
  ]);
  const left = await trial.engine.close().then(() => undefined, messageOf);
  if (left === undefined || hosts.status !== 'ok') return [hosts, packets, trace];
  return [missing(hosts.name, `they could not be taken away: ${left}`, null), packets, trace];
}

async function hostsChecks({
  engine,
  language,
  how,
  explain,
}: Trial): Promise<[hosts: Check, packets: Check]> {
  const name = `${engine.name} hosts`;
  const packets = `${engine.name} packets`;
  const began = performance.now();
  let topology: Topology;
  try {
    topology = await engine.make({
      ...{ kind: 'direct', languages: { client: language, server: language } },
      ...{ ip: 4, sysctls: {}, needs: [] },
    });
  } catch (error) {
    const { detail, mend } = explain(messageOf(error));
    return [missing(name, detail, mend), missing(packets, 'cannot be tried without hosts', null)];
  }
  const { client, server } = topology.hosts;
  const answers = Promise.all([client.agent.run('true'), server.agent.run('true')]);
  const [problem, captured] = await Promise.all([
    answers.then(() => undefined, messageOf),
    captureCheck(packets, topology),
  ]);
  const milliseconds = Math.round(performance.now() - began);
  if (problem !== undefined) return [missing(name, problem, null), captured];
  return [ok(name, `${how}: a client and a server in ${milliseconds} ms`), captured];
}

/** A packet that is sent must be captured: that tcpdump starts proves little. */
async function captureCheck(name: string, { capture, hosts }: Topology): Promise<Check> {
  if (isUnavailable(capture)) {
    const { detail, mend } = split(capture.unavailable);
    const isPackage = mend === 'apt-get install tcpdump';
    return missing(name, detail, isPackage ? aptInstall('tcpdump') : mend);
  }
  const { client, server } = hosts;
  try {
    await capture.untilListening();
    await capture.until('doctor', async () => {
      const { status, lines } = await client.agent.ask('mark', server.address, 'doctor');
      if (status !== 0) throw new Error(`no packet can be sent: ${lines.join(' ')}`);
    });
    return ok(name, 'tcpdump captures what passes between the hosts');
  } catch (error) {
    return missing(name, messageOf(error), null);
  }
}

async function traceCheck(engine: Engine): Promise<Check> {
  const name = `${engine.name} kernel trace`;
  try {
    const trace = await engine.trace();
    return isUnavailable(trace)
      ? optional(name, trace.unavailable, traceMend(engine, trace.unavailable))
      : ok(name, 'tracefs opens: resets come with their reasons where the kernel states them');
  } catch (error) {
    return optional(name, messageOf(error), null);
  }
}

/** What lets the kernel's trace be read; null where nothing here does. */
export function traceMend(
  engine: Pick<Engine, 'name'>,
  why: string,
  { isRoot = process.getuid?.() === 0, isContained = inContainer() } = {},
): string | null {
  // A container's own root is not enough.
  if (engine.name === 'local') {
    return isRoot || isContained ? null : 'sudo env "PATH=$PATH" npm run lab';
  }
  const mount = 'mount -t tracefs nodev /sys/kernel/tracing';
  return why.includes('must be mounted') ? `${isRoot ? '' : 'sudo '}${mount}` : null;
}
