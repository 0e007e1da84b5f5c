import { FloodError } from '../engines/capture.ts';
import type { Engine, Host, Topology } from '../engines/engine.ts';
import { Tracer } from '../engines/tracer.ts';
import { isUnavailable, type Unavailable } from '../engines/unavailable.ts';
import type { Packet } from '../evidence/connection.ts';
import { type Counters, difference, parseCounters } from '../evidence/counters.ts';
import type { Collected, HostCounters, Observation, ProgramRun } from '../evidence/observation.ts';
import { type PcapRecord, writePcap } from '../evidence/pcap.ts';
import { parseResets, resetsBetween } from '../evidence/resets.ts';
import { readReport } from '../evidence/steps.ts';
import type { Cell } from '../plan.ts';
import { messageOf } from '../user-error.ts';
import type { RunningActor } from './actor.ts';
import { cleanUp } from './clean-up.ts';
import { type Course, conduct } from './conduct.ts';
import type { Cut } from './host-on-stage.ts';
import type { LeaveOut } from './leave-out.ts';
import { allIsCaptured, packetsOn, peerOf } from './link.ts';
import { CellStage, type Look } from './stage.ts';

export type Observed = {
  readonly observation: Observation;
  /** The cell's own capture file; null where nothing could be captured. */
  readonly pcap: Buffer | null;
  /** What the lab had a look at, where that was asked for. */
  readonly looks: readonly Look[];
};

export type HowToObserve = {
  readonly leaveOut: LeaveOut;
  /** Whether the lab's looks are taken. */
  readonly looking: boolean;
  /** In place of the usual one: the fault strikes, and the client ends. */
  readonly course?: Course;
};

/** Lets a cell happen on a topology and collects the evidence of all three kinds. */
export async function observe(
  cell: Cell,
  topology: Topology,
  engine: Engine,
  { leaveOut, looking, course }: HowToObserve,
): Promise<Observed> {
  const { role: peer, address } = peerOf(topology);
  const addresses = { client: topology.hosts.client.address, peer: address };
  const tracer = leaveOut.has('kernel') ? leftOut : await engine.trace();
  const position = tracer instanceof Tracer ? tracer.position : 0;
  // Awaited: who starts programs may be another agent than the one that reads counters.
  const before = await collected(() => countersOf(topology));

  // The kernel traces also what it could send to nobody, since the cable had been cut.
  const unsent: [number, number][] = [];
  const cut: Cut = async (act) => {
    if (!(tracer instanceof Tracer)) return await act();
    await tracer.since(position, `cut of ${cell.id}`);
    const from = tracer.position;
    await act();
    await tracer.since(position, `repair of ${cell.id}`);
    unsent.push([from - position, tracer.position - position]);
  };
  const stage = new CellStage(cell, topology, engine, { looking, cut });
  const problem = await conduct(cell, topology, stage, course);

  const mark = `end of ${cell.id}`;
  const [packets, counters, resets] = await Promise.all([
    isUnavailable(topology.capture)
      ? { missing: topology.capture.unavailable }
      : collected(() => capturedUntil(mark, cell, topology)),
    leaveOut.has('kernel')
      ? { missing: leftOut.unavailable }
      : collected(() => countersOf(topology)),
    !(tracer instanceof Tracer)
      ? { missing: tracer.unavailable }
      : collected(async () => {
          const lines = await tracer.since(position, mark);
          const traced = lines.filter(
            (line, place) =>
              !(isOfSocket(line) && unsent.some(([from, to]) => from <= place && place < to)),
          );
          return resetsBetween(parseResets(traced), Object.values(addresses), cell.port);
        }),
  ]);
  const exits = [stage.clientActor?.program.status, stage.serverActor?.program.status];
  await cleanUp(cell, topology, stage);

  const observation: Observation = {
    port: cell.port,
    ...{ addresses, peer, problem, resets },
    client: await programRun(stage.clientActor, exits[0]),
    server: await programRun(stage.serverActor, exits[1]),
    actions: stage.actions,
    packets: 'got' in packets ? { got: packets.got.packets } : packets,
    counters: differences(before, counters, stage.hosts.server.countersAtBoot),
  };
  return { observation, pcap: 'got' in packets ? packets.got.pcap : null, looks: stage.looks };
}

/** The kernel that is new by then can only answer for connections which it does not know. */
function isOfSocket(line: string): boolean {
  return line.includes('tcp_send_reset') && !/reason=(NO_SOCKET|TCP_FLAGS)/.test(line);
}

const leftOut: Unavailable = { unavailable: 'left out on request' };

async function countersOf({ hosts }: Topology): Promise<HostCounters> {
  const read = async ({ agent }: Host) => parseCounters((await agent.ask('counters')).lines);
  const { client, server, balancer } = hosts;
  const [ofClient, ofServer, ofBalancer] = await Promise.all([
    read(client),
    read(server),
    balancer && read(balancer),
  ]);
  return { client: ofClient, server: ofServer, ...(ofBalancer && { balancer: ofBalancer }) };
}

async function capturedUntil(
  mark: string,
  { port }: Cell,
  topology: Topology,
): Promise<{ packets: Packet[]; pcap: Buffer }> {
  const { capture } = topology;
  if (isUnavailable(capture)) throw new Error(capture.unavailable);
  await allIsCaptured(topology, mark);
  const { header, linkType, records } = capture.take();
  const packets = packetsOn(topology, port, { linkType, records });
  const own: PcapRecord[] = packets.flatMap(({ index }) => records[index] ?? []);
  return { packets, pcap: writePcap(header, own) };
}

async function collected<T>(collect: () => Promise<T>): Promise<Collected<T>> {
  try {
    return { got: await collect() };
  } catch (error) {
    const flood = error instanceof FloodError;
    return { missing: messageOf(error), lost: true, ...(flood && { flood }) };
  }
}

/** @param atBoot what the server's host had counted when it came back from a reboot */
function differences(
  before: Collected<HostCounters>,
  after: Collected<HostCounters>,
  atBoot: Counters | null,
): Observation['counters'] {
  if (!('got' in before)) return before;
  if (!('got' in after)) return after;
  const of = (host: keyof HostCounters): Counters =>
    difference(before.got[host] ?? {}, after.got[host] ?? {});
  return {
    got: {
      client: of('client'),
      server: atBoot ? difference(atBoot, after.got.server) : of('server'),
      ...(after.got.balancer && { balancer: of('balancer') }),
    },
  };
}

/** What the programs of one role did: more than one where a server was started again. */
async function programRun(
  actor: RunningActor | null,
  exitStatus: number | undefined,
): Promise<ProgramRun | null> {
  if (actor === null) return null;
  const { program, programs } = actor;
  const { out, err } = program.isLost ? { out: [], err: [] } : await program.output();
  const times = programs.flatMap(({ cpuMs }) => cpuMs ?? []);
  const cpuMs = times.length > 0 ? times.reduce((sum, time) => sum + time) : null;
  return {
    report: readReport(programs.flatMap(({ lines }) => lines)),
    exitStatus: exitStatus ?? null,
    ...{ out, err, cpuMs },
  };
}
