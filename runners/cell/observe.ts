import type { Engine, Topology } from '../engines/engine.ts';
import { Tracer } from '../engines/tracer.ts';
import { isUnavailable, type Unavailable } from '../engines/unavailable.ts';
import { connections, type Packet } from '../evidence/connection.ts';
import { difference, parseCounters } from '../evidence/counters.ts';
import type { Collected, Observation, ProgramRun } from '../evidence/observation.ts';
import { type PcapRecord, writePcap } from '../evidence/pcap.ts';
import { parseResets, resetsBetween } from '../evidence/resets.ts';
import { readReport } from '../evidence/steps.ts';
import type { Cell } from '../plan.ts';
import { messageOf } from '../user-error.ts';
import type { RunningActor } from './actor.ts';
import { conduct, endPrograms } from './conduct.ts';
import type { LeaveOut } from './leave-out.ts';

export type Observed = {
  readonly observation: Observation;
  /** The cell's own capture file; null where nothing could be captured. */
  readonly pcap: Buffer | null;
};

/** Lets a cell happen on a topology and collects the evidence of all three kinds. */
export async function observe(
  cell: Cell,
  topology: Topology,
  engine: Engine,
  leaveOut: LeaveOut,
): Promise<Observed> {
  const { client, server } = topology.hosts;
  const tracer = leaveOut.has('kernel') ? leftOut : await engine.trace();
  const position = tracer instanceof Tracer ? tracer.position : 0;
  const readCounters = async () => {
    const answers = [client.agent.ask('counters'), server.agent.ask('counters')];
    const [ofClient, ofServer] = await Promise.all(answers);
    return {
      client: parseCounters(ofClient?.lines ?? []),
      server: parseCounters(ofServer?.lines ?? []),
    };
  };
  // Not awaited: an agent answers in order, so this reading comes before the programs start.
  const before = collected(readCounters);

  const conducted = await conduct(cell, topology, engine);

  const mark = `end of ${cell.id}`;
  const [packets, counters, resets] = await Promise.all([
    collected(() => capturedUntil(mark, cell, topology)),
    leaveOut.has('kernel') ? { missing: leftOut.unavailable } : collected(readCounters),
    collected(async () => {
      if (!(tracer instanceof Tracer)) throw new Error(tracer.unavailable);
      return parseResets(await tracer.since(position, mark));
    }),
  ]);
  const exits = [conducted.client?.program.status, conducted.server?.program.status];
  await endPrograms(conducted);

  const observation: Observation = {
    port: cell.port,
    addresses: { client: client.address, server: server.address },
    client: await programRun(conducted.client, exits[0]),
    server: await programRun(conducted.server, exits[1]),
    actions: conducted.actions,
    packets: 'got' in packets ? { got: packets.got.packets } : packets,
    counters: differences(await before, counters),
    resets:
      'got' in resets
        ? { got: resetsBetween(resets.got, [client.address, server.address], cell.port) }
        : resets,
    problem: conducted.problem,
  };
  return { observation, pcap: 'got' in packets ? packets.got.pcap : null };
}

const leftOut: Unavailable = { unavailable: 'left out on request' };

async function capturedUntil(
  mark: string,
  { port }: Cell,
  { hosts, capture }: Topology,
): Promise<{ packets: Packet[]; pcap: Buffer }> {
  if (isUnavailable(capture)) throw new Error(capture.unavailable);
  await capture.until(mark, () => hosts.client.agent.ask('mark', hosts.server.address, mark));
  const { header, linkType, records } = capture.take();
  const addresses = { client: hosts.client.address, server: hosts.server.address };
  const packets = connections(records, { linkType, port, ...addresses });
  const own: PcapRecord[] = packets.flatMap(({ index }) => records[index] ?? []);
  return { packets, pcap: writePcap(header, own) };
}

async function collected<T>(collect: () => Promise<T>): Promise<Collected<T>> {
  try {
    return { got: await collect() };
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

type Reading = Collected<{
  client: ReturnType<typeof parseCounters>;
  server: ReturnType<typeof parseCounters>;
}>;

function differences(before: Reading, after: Reading): Observation['counters'] {
  if (!('got' in before)) return before;
  if (!('got' in after)) return after;
  return {
    got: {
      client: difference(before.got.client, after.got.client),
      server: difference(before.got.server, after.got.server),
    },
  };
}

async function programRun(
  actor: RunningActor | null,
  exitStatus: number | undefined,
): Promise<ProgramRun | null> {
  if (actor === null) return null;
  const { out, err } = await actor.program.output();
  return { report: readReport(actor.program.lines), exitStatus: exitStatus ?? null, out, err };
}
