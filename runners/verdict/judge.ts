import type { Expectation } from '../catalog/lab.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Cell } from '../plan.ts';
import type { Finding } from './finding.ts';
import { judgeKernel } from './kernel.ts';
import { judgePackets } from './packets.ts';
import { judgeProgram } from './program.ts';

export type Witness = 'program' | 'packets' | 'kernel';

export type Judgement = {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** One sentence. */
  readonly reason: string;
  readonly findings: Readonly<Record<Witness, Finding>>;
};

/**
 * The verdict on a cell. It passes only if the program and at least one witness of the network agree and
 * none contradicts; what could not be seen never counts as agreement.
 */
export function judge(
  { lab, client }: Pick<Cell, 'lab' | 'client'>,
  observation: Observation,
): Judgement {
  const expected = expectationFor(lab, client.name);
  const peer = { address: observation.addresses.server, port: observation.port };
  const findings = {
    program: judgeProgram(expected.client, client, observation.client, peer),
    packets: judgePackets(expected.packets, observation.packets),
    kernel: judgeKernel(expected.kernel, observation),
  };
  return { ...weigh(findings, observation), findings };
}

/** What a lab expects of a client language, its true exceptions included. */
export function expectationFor(lab: Cell['lab'], language: string): Expectation {
  return lab.differs?.[language]?.expect ?? lab.expect;
}

function weigh(
  findings: Judgement['findings'],
  { problem, actions }: Observation,
): Pick<Judgement, 'verdict' | 'reason'> {
  if (actions.length > 0 && actions.every(({ touched }) => touched === 0)) {
    const what = actions.map((action) => action.what).join(', ');
    return { verdict: 'fail', reason: `the fault met no connection: ${what}` };
  }
  if (problem !== null) return { verdict: 'fail', reason: problem };
  const named = Object.entries(findings) as [Witness, Finding][];
  const wrong = named.find(([, { agreement }]) => agreement === 'contradicts');
  if (wrong) {
    const [witness, { expected, observed }] = wrong;
    return { verdict: 'fail', reason: `${witness}: expected ${expected}; observed ${observed}` };
  }
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
