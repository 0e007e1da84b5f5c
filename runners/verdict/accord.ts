import type { StepOutcome } from '../catalog/expectation.ts';
import type { Packet } from '../evidence/connection.ts';
import { exactResets, gapIn } from '../evidence/gap.ts';
import type { HostCounters } from '../evidence/observation.ts';
import type { Step } from '../evidence/steps.ts';
import type { Finding } from './finding.ts';

/**
 * How far apart the clocks of a machine may be, in microseconds. Programs and captures are stamped by one
 * clock, but a runtime may read it once, at its start, and count from there; and it may be kept waiting then.
 */
const CLOCKS_US = 100_000;

/** What does not go together, in the words of a finding; null where all does. */
export type Discord = Pick<Finding, 'expected' | 'observed'> | null;

/**
 * Holds the packets against the steps that the client has reported, where each agrees with the lab for
 * itself: the capture is whole, its connections are those of the client, and each cause comes before its
 * effect.
 *
 * @param expected the outcomes of `steps`, which are as expected
 */
export function discordOfPackets(
  expected: readonly StepOutcome[],
  steps: readonly Step[],
  packets: readonly Packet[],
): Discord {
  const gap = gapIn(packets);
  if (gap !== null) return { expected: 'a whole capture', observed: gap };
  const numbers = [...new Set(packets.map(({ connection }) => connection))];
  const connects = connectsOf(expected);
  if (numbers.length !== connects) {
    return { expected: connections(connects), observed: String(numbers.length) };
  }
  let current: readonly Packet[] = [];
  let count = 0;
  for (const [place, outcome] of expected.entries()) {
    const step = steps[place];
    if (!step) return null;
    if (step.step === 'connect') {
      const number = numbers[count++];
      current = packets.filter(({ connection }) => connection === number);
    }
    const wrong = causeOf(outcome, step, current);
    if (wrong) return wrong;
  }
  return null;
}

/** Holds the client's counters against its steps. */
export function discordOfCounters(
  expected: readonly StepOutcome[],
  { client: { ActiveOpens = 0 } }: HostCounters,
): Discord {
  const connects = connectsOf(expected);
  return ActiveOpens === connects
    ? null
    : { expected: connections(connects), observed: `ActiveOpens ${ActiveOpens} on the client` };
}

function connectsOf(expected: readonly StepOutcome[]): number {
  return expected.filter((outcome) => outcome.startsWith('connect ')).length;
}

function connections(count: number): string {
  return `${count} ${count === 1 ? 'connection' : 'connections'} of the client`;
}

/** Whether what ended a step was there when it ended, and what it did was not there before it began. */
function causeOf(outcome: StepOutcome, step: Step, packets: readonly Packet[]): Discord {
  const [, how] = outcome.split(' ');
  const ofPeer = packets.filter(({ from }) => from !== 'client');
  if (step.step === 'connect') {
    const syn = packets.find(({ flags }) => flags.includes('SYN'));
    if (syn && syn.timeUs < step.beganUs - CLOCKS_US) {
      return { expected: 'the SYN after the beginning of connect', observed: 'it before' };
    }
    if (how === 'ok') return causeBefore('SYN,ACK', withFlag(ofPeer, 'SYN'), step);
  }
  if (how === 'ECONNRESET' || how === 'ECONNREFUSED') {
    const resets = withFlag(ofPeer, 'RST');
    const exact = exactResets(packets);
    if (resets.length > 0 && exact.length === 0) {
      return {
        expected: 'a RST with the sequence number that the client expects',
        observed: 'none',
      };
    }
    return causeBefore('RST', exact, step);
  }
  // Of a reset that another step has met, a read is told as of an end of file.
  if (step.step === 'read' && how === 'eof') {
    const ends = ofPeer.filter(({ flags }) => flags.includes('FIN') || flags.includes('RST'));
    return causeBefore('FIN', ends, step);
  }
  return null;
}

function withFlag(packets: readonly Packet[], flag: 'SYN' | 'FIN' | 'RST'): readonly Packet[] {
  return packets.filter(({ flags }) => flags.includes(flag));
}

function causeBefore(name: string, [cause]: readonly Packet[], { step, end }: Step): Discord {
  const expected = `the ${name} before the end of ${step}`;
  if (cause === undefined) return { expected, observed: 'none' };
  if (end === null || cause.timeUs <= end.timeUs + CLOCKS_US) return null;
  return { expected, observed: 'it after' };
}
