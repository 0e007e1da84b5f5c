import type { Packet } from '../../../evidence/connection.ts';
import type { Observation } from '../../../evidence/observation.ts';

/** One thing that an exercise asks for, and what the run showed of it. */
export type Point = {
  readonly asks: string;
  /** `unknown`: the evidence for it could not be collected. */
  readonly standing: 'met' | 'not met' | 'unknown';
  readonly shows: string;
};

export function point(asks: string, isMet: boolean, shows: string): Point {
  return { asks, standing: isMet ? 'met' : 'not met', shows };
}

/** Asks for something of which the packets tell, if they could be captured. */
export function onWire(
  { packets }: Pick<Observation, 'packets'>,
  asks: string,
  judge: (packets: readonly Packet[]) => readonly [isMet: boolean, shows: string],
): Point {
  if ('got' in packets) return point(asks, ...judge(packets.got));
  return { asks, standing: 'unknown', shows: `no packets: ${packets.missing}` };
}

/** That the packets are not too many to be kept; nothing is said where they are not: it is no program's task. */
export function floodPoints({ packets }: Pick<Observation, 'packets'>): Point[] {
  const isFlood = 'missing' in packets && packets.flood;
  return isFlood ? [point('it sends no flood of segments', false, packets.missing)] : [];
}

/** That each deed of the fault has met the connection. */
export function faultPoints({ actions }: Pick<Observation, 'actions'>, whose: string): Point[] {
  return (
    actions
      // A client is only held up, so that the fault comes first.
      .filter(({ what }) => !what.startsWith('SIGSTOP'))
      .map(({ what, touched }) =>
        point(`the fault meets ${whose}: ${what}`, touched > 0, `met ${touched}`),
      )
  );
}

/** That all came for which the story waited; nothing is said where it did. */
export function storyPoints({ problem }: Pick<Observation, 'problem'>): Point[] {
  return problem === null ? [] : [point('all of the story happens', false, problem)];
}
