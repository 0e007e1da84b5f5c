import type { Expectation, StepOutcome } from '../catalog/expectation.ts';
import { facesOf } from '../catalog/language.ts';
import { lostOf, type Observation } from '../evidence/observation.ts';
import type { Cell } from '../plan.ts';
import { type Discord, discordOfCounters, discordOfPackets } from './accord.ts';
import { expectedOf } from './expected.ts';
import { contradicts, type Finding } from './finding.ts';
import { judgeKernel } from './kernel.ts';
import { judgePackets } from './packets.ts';
import { judgeProgram } from './program.ts';
import { shownBy } from './shown.ts';
import { otherVersion } from './version.ts';

export type Witness = 'program' | 'packets' | 'kernel';

export type Judgement = {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  readonly findings: Readonly<Record<Witness, Finding>>;
  /** Which of several possible outcomes it was; null where there is one only, or where none was proved. */
  readonly outcome: { readonly name: string; readonly because: string } | null;
};

/**
 * The verdict on a cell. It passes only if the program and at least one witness of the network agree and
 * none contradicts; what could not be seen never counts as agreement. Where a lab has several possible
 * outcomes, all witnesses must agree with the same one. What another version than the one that was asked
 * for has shown is no evidence.
 */
export function judge(
  cell: Pick<Cell, 'lab' | 'client' | 'server'>,
  observation: Observation,
): Judgement {
  const other = otherVersion(cell, observation);
  const foreign = other === undefined ? undefined : { verdict: 'unknown' as const, reason: other };
  const alternatives = expectedOf(cell).map((expected) => {
    const findings = findingsOn(expected, cell, observation);
    const outcome =
      'outcome' in expected ? { name: expected.outcome, because: expected.because } : null;
    return { ...(foreign ?? weigh(findings, observation)), findings, outcome };
  });
  const met = alternatives.find(({ verdict }) => verdict === 'pass');
  if (met) return met;
  const open = alternatives.find(({ verdict }) => verdict === 'unknown');
  const [nearest] = open ? [open] : alternatives.toSorted((a, b) => agreements(b) - agreements(a));
  if (!nearest) throw new Error('a lab without an expectation');
  return { ...nearest, outcome: null };
}

function findingsOn(
  expected: Expectation,
  { client }: Pick<Cell, 'client'>,
  observation: Observation,
): Judgement['findings'] {
  const { client: own, peer: address } = observation.addresses;
  const peer = { address, port: observation.port, own };
  const faces = facesOf(client, observation.client?.report.version ?? null);
  const steps = shownBy(expected.client, client);
  const shown = steps.map((step) => step.shown);
  const findings = {
    program: judgeProgram(shown, { ...client, faces }, observation.client, peer),
    packets: judgePackets(expected.packets, observation.packets),
    kernel: judgeKernel(expected.kernel, observation),
  };
  const happened = steps.map((step) => step.happens);
  return { ...findings, ...discords(happened, findings, observation) };
}

/** What witnesses who agree with the lab, each for itself, do not grant one another. */
function discords(
  outcomes: readonly StepOutcome[],
  { program, packets, kernel }: Judgement['findings'],
  observation: Observation,
): Partial<Judgement['findings']> {
  if (program.agreement !== 'agrees') return {};
  const { client, packets: captured, counters } = observation;
  const steps = client?.report.steps ?? [];
  const wrong: [Witness, Finding, Discord][] = [
    [
      'packets',
      packets,
      'got' in captured ? discordOfPackets(outcomes, steps, captured.got) : null,
    ],
    ['kernel', kernel, 'got' in counters ? discordOfCounters(outcomes, counters.got) : null],
  ];
  return Object.fromEntries(
    wrong.flatMap(([witness, { agreement }, discord]) =>
      agreement === 'agrees' && discord
        ? [[witness, contradicts(discord.expected, discord.observed)]]
        : [],
    ),
  );
}

function agreements({ findings }: Judgement): number {
  return Object.values(findings).filter(({ agreement }) => agreement === 'agrees').length;
}

function weigh(
  findings: Judgement['findings'],
  observation: Observation,
): Pick<Judgement, 'verdict' | 'reason'> {
  const { problem, actions } = observation;
  if (actions.length > 0 && actions.every(({ touched }) => touched === 0)) {
    const what = actions.map((action) => action.what).join(', ');
    return { verdict: 'fail', reason: `the fault met no connection: ${what}` };
  }
  const lost = lostOf(observation);
  // What was lost may be what kept the state from being seen.
  if (problem !== null && lost !== null) {
    return { verdict: 'unknown', reason: `${lost}; ${problem}` };
  }
  if (problem !== null) return { verdict: 'fail', reason: problem };
  const named = Object.entries(findings) as [Witness, Finding][];
  const wrong = named.find(([, { agreement }]) => agreement === 'contradicts');
  if (wrong) {
    const [witness, { expected, observed }] = wrong;
    return { verdict: 'fail', reason: `${witness}: expected ${expected}; observed ${observed}` };
  }
  if (lost !== null) return { verdict: 'unknown', reason: lost };
  const { program, packets, kernel } = findings;
  if (program.agreement === 'unavailable') {
    return { verdict: 'unknown', reason: `the program is no witness: ${program.observed}` };
  }
  if (packets.agreement === 'unavailable' && kernel.agreement === 'unavailable') {
    return {
      verdict: 'unknown',
      reason: `no witness of the network: packets (${packets.observed}), kernel (${kernel.observed})`,
    };
  }
  const witnesses = named
    .filter(([, { agreement }]) => agreement === 'agrees')
    .map(([name]) => name);
  return { verdict: 'pass', reason: `${list(witnesses)} agree: ${packets.expected}` };
}

function list(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join('');
}
