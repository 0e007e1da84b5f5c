import { serverProgram } from '../catalog/programs.ts';
import type { Observation, ProgramRun } from '../evidence/observation.ts';
import type { Cell } from '../plan.ts';
import { differenceOfCell, possibleOutcomes } from '../verdict/difference.ts';
import { differenceOf } from '../verdict/expected.ts';
import type { Judgement } from '../verdict/judge.ts';
import { reasonsOf } from '../verdict/kernel.ts';
import type { CellResult, ProgramName, Role, StepResult } from './result.ts';

/** The result of a cell that has happened. Times count from the earliest thing that was seen. */
export function cellResult(
  cell: Cell,
  observation: Observation,
  judgement: Judgement,
  { durationMs, pcap, looks }: Pick<CellResult, 'durationMs' | 'pcap' | 'looks'>,
): CellResult {
  const startUs = earliest(observation);
  const atMs = (timeUs: number) => Math.max(0, timeUs - startUs) / 1000;
  const { packets, counters, resets, client, server } = observation;
  const runs: [Role, ProgramRun][] = [];
  if (client) runs.push(['client', client]);
  if (server) runs.push(['server', server]);
  const reasons = reasonsOf(resets, observation);
  return {
    ...frame(cell, client, server),
    ...judgement,
    difference: differenceOfCell(cell, { observation, judgement }),
    durationMs,
    evidence: {
      program: judgement.findings.program.agreement,
      packets: judgement.findings.packets.agreement,
      kernel: judgement.findings.kernel.agreement,
    },
    steps: runs.flatMap(([role, run]) => stepsOf(role, run, atMs)).sort((a, b) => a.atMs - b.atMs),
    unfinished: runs.flatMap(([role, { report }]) =>
      report.steps.flatMap(({ step, beganUs, end }) =>
        end === null ? { role, step, beganMs: atMs(beganUs) } : [],
      ),
    ),
    actions: observation.actions.map(({ what, timeUs, touched }) => ({
      what,
      atMs: atMs(timeUs),
      touched,
    })),
    packets:
      'missing' in packets
        ? null
        : packets.got.map((packet) => {
            const { from, to, flags, seq, ack, length, ttl, window, ipId } = packet;
            const { retransmission, stateless, keepAlive, connection } = packet;
            const fields = { from, to, flags, seq, ack, length, ttl, window, ipId };
            return {
              atMs: atMs(packet.timeUs),
              ...fields,
              retransmission,
              stateless,
              keepAlive,
              connection,
            };
          }),
    kernel: {
      hosts: 'missing' in counters ? null : { ...counters.got },
      resetReasons: reasons?.map(({ from, reason }) => ({ host: from, reason })) ?? null,
      noReasons: 'missing' in resets ? resets.missing : null,
    },
    outputs: runs.map(([role, { exitStatus, out, err, cpuMs }]) => ({
      role,
      exitStatus,
      out,
      err,
      cpuMs,
    })),
    ...{ looks, pcap },
  };
}

/** The result of a cell that did not happen, or of which nothing could be collected. */
export function emptyResult(
  cell: Cell,
  verdict: 'not-run' | 'unknown',
  reason: string,
): CellResult {
  return {
    ...frame(cell, null, null),
    verdict,
    reason,
    durationMs: 0,
    evidence: { program: 'unavailable', packets: 'unavailable', kernel: 'unavailable' },
    findings: null,
    outcome: null,
    steps: [],
    unfinished: [],
    actions: [],
    packets: null,
    kernel: { hosts: null, resetReasons: null, noReasons: reason },
    outputs: [],
    looks: [],
    pcap: null,
  };
}

function frame(cell: Cell, client: ProgramRun | null, server: ProgramRun | null) {
  const { lab, engine, ip, repeat } = cell;
  const program = (role: Role, name: string, run: ProgramRun | null): ProgramName => ({
    language: cell[role].name,
    asked: cell[role].version?.name ?? null,
    version: run?.report.version ?? null,
    program: name,
  });
  return {
    lab: lab.name,
    number: lab.number,
    variant: lab.variant,
    cure: lab.cure,
    causes: lab.causes,
    title: lab.title,
    why: lab.why,
    engine,
    client: program('client', lab.client.program, client),
    server: program('server', lab.server === 'none' ? 'none' : serverProgram(lab.server), server),
    because: differenceOf(cell)?.because ?? null,
    difference: differenceOfCell(cell),
    outcomes: possibleOutcomes(cell),
    ip,
    repeat,
  };
}

function stepsOf(role: Role, { report }: ProgramRun, atMs: (us: number) => number): StepResult[] {
  return report.steps.flatMap(({ step, beganUs, end }) => {
    if (end === null) return [];
    const { outcome } = end;
    const error = end.outcome === 'error' ? end.error : null;
    return { role, step, beganMs: atMs(beganUs), atMs: atMs(end.timeUs), outcome, error };
  });
}

function earliest({ client, server, packets }: Observation): number {
  const times = [client, server].flatMap((run) => run?.report.steps[0]?.beganUs ?? []);
  if ('got' in packets && packets.got[0]) times.push(packets.got[0].timeUs);
  return times.length > 0 ? Math.min(...times) : 0;
}
