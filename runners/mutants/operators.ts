import { ERRNOS } from '../catalog/errno.ts';
import {
  type Alternative,
  type Expectation,
  type Expected,
  type ExpectedCounts,
  type ExpectedReset,
  FIN_FROM,
  type StatedReason,
  type StepOutcome,
} from '../catalog/expectation.ts';
import type { Side } from '../evidence/connection.ts';
import { RESET_COUNTERS } from '../evidence/counters.ts';
import { STEP_NAMES, type StepName } from '../evidence/steps.ts';
import type { Random } from '../random.ts';
import {
  at,
  expectedAt,
  isSingle,
  type Slot,
  type Stated,
  slotsOf,
  withExpectation,
  withExpected,
} from './slots.ts';

/** One way in which what a lab states can be made another; null where it has nothing of the kind. */
export type Operator = {
  readonly name: string;
  readonly mutate: (stated: Stated, random: Random) => Stated | null;
};

type OnOne = (expectation: Expectation, random: Random, stated: Stated) => Expectation | null;

const SIDES: readonly Side[] = ['client', 'server', 'balancer'];
const HOSTS = ['client', 'server', 'balancer'] as const;
/** Names of `enum sk_rst_reason` which labs speak of, and one of which none does. */
const REASONS = [
  'TCP_STATE',
  'TCP_ABORT_ON_CLOSE',
  'TCP_ABORT_ON_DATA',
  'TCP_TIMEWAIT_SOCKET',
  'TCP_FLAGS',
  'NO_SOCKET',
  'INVALID_SYN',
  'TCP_KEEPALIVE_TIMEOUT',
  'TCP_ABORT_ON_LINGER',
];

/** An operator on one expectation, wherever in the story one stands. */
function on(name: string, mutate: OnOne): Operator {
  return {
    name,
    mutate(stated, random) {
      const slot = random.of(slotsOf(stated));
      const changed = slot && mutate(at(stated, slot), random, stated);
      return changed ? withExpectation(stated, slot, changed) : null;
    },
  };
}

function onSteps(
  name: string,
  mutate: (steps: readonly StepOutcome[], random: Random) => readonly StepOutcome[] | null,
): Operator {
  return on(name, (expectation, random) => {
    const client = mutate(expectation.client, random);
    return client && { ...expectation, client };
  });
}

/** Another ending of a step, of those that have certain ones. */
function ending(from: readonly string[], to: readonly string[]) {
  return (steps: readonly StepOutcome[], random: Random): readonly StepOutcome[] | null => {
    const places = steps.flatMap((step, place) => (from.includes(halves(step)[1]) ? [place] : []));
    const place = random.of(places);
    if (place === undefined) return null;
    const [step, how] = halves(steps[place] as StepOutcome);
    const other = random.other(to, how);
    return other === undefined ? null : steps.with(place, `${step} ${other}` as StepOutcome);
  };
}

function halves(outcome: StepOutcome): [StepName, string] {
  return outcome.split(' ') as [StepName, string];
}

function onReset(
  name: string,
  mutate: (reset: ExpectedReset, random: Random) => ExpectedReset | null,
): Operator {
  return on(name, (expectation, random) => {
    const { rst } = expectation.packets;
    if (rst === 'none') return null;
    const all = 'from' in rst ? [rst] : rst;
    const place = random.below(all.length);
    const changed = mutate(all[place] as ExpectedReset, random);
    return changed && withRst(expectation, 'from' in rst ? changed : all.with(place, changed));
  });
}

function withRst(expectation: Expectation, rst: Expectation['packets']['rst']): Expectation {
  return { ...expectation, packets: { ...expectation.packets, rst } };
}

function onCounts(
  name: string,
  mutate: (counts: ExpectedCounts, random: Random) => ExpectedCounts | null,
): Operator {
  return on(name, (expectation, random) => {
    const host = random.of(HOSTS.filter((one) => one in expectation.kernel)) ?? 'client';
    const counts = mutate(expectation.kernel[host] ?? {}, random);
    return counts && { ...expectation, kernel: { ...expectation.kernel, [host]: counts } };
  });
}

/** With one of the counts changed, of those that are numbers or `some`; undefined takes it out. */
function counting(
  of: (count: number | 'some') => boolean,
  to: (count: number | 'some', random: Random) => number | 'some' | undefined,
) {
  return (counts: ExpectedCounts, random: Random): ExpectedCounts | null => {
    const all = Object.entries(counts) as [keyof ExpectedCounts, number | 'some'][];
    const found = random.of(all.filter(([, count]) => of(count)));
    if (!found) return null;
    const { [found[0]]: _, ...others } = counts;
    const changed = to(found[1], random);
    return changed === undefined ? others : { ...others, [found[0]]: changed };
  };
}

function onReasons(
  name: string,
  mutate: (reasons: readonly StatedReason[], random: Random) => readonly StatedReason[] | null,
): Operator {
  return on(name, (expectation, random) => {
    const { reason } = expectation.kernel;
    if (typeof reason === 'string') return null;
    const changed = mutate('from' in reason ? [reason] : reason, random);
    if (!changed) return null;
    const [only, ...more] = changed;
    return only ? withReason(expectation, more.length > 0 ? changed : only) : null;
  });
}

function withReason(
  expectation: Expectation,
  reason: Expectation['kernel']['reason'],
): Expectation {
  return { ...expectation, kernel: { ...expectation.kernel, reason } };
}

/** One of the reasons changed. */
function reasoning(change: (reason: StatedReason, random: Random) => StatedReason | null) {
  return (reasons: readonly StatedReason[], random: Random) => {
    const place = random.below(reasons.length);
    const changed = change(reasons[place] as StatedReason, random);
    return changed && reasons.with(place, changed);
  };
}

function namesOf({ is }: StatedReason): readonly string[] {
  return typeof is === 'string' ? [is] : is;
}

function named(reason: StatedReason, names: readonly string[]): StatedReason | null {
  const [only, ...more] = names;
  return only === undefined ? null : { ...reason, is: more.length > 0 ? names : only };
}

/** An operator on a list of alternatives. */
function onAlternatives(
  name: string,
  mutate: (alternatives: readonly Alternative[], random: Random) => Expected | null,
): Operator {
  return {
    name,
    mutate(stated, random) {
      const slot = random.of(slotsOf(stated).filter(({ alternative }) => alternative !== null));
      const expected = slot && expectedAt(stated, slot.difference);
      if (!expected || isSingle(expected)) return null;
      const changed = mutate(expected, random);
      return changed && withExpected(stated, slot.difference, changed);
    },
  };
}

/** An operator on one of the story's differences. */
function onDifference(
  name: string,
  mutate: (stated: Stated, place: number, random: Random) => Stated | null,
): Operator {
  return {
    name,
    mutate(stated, random) {
      const place = random.below(stated.differs?.length ?? 0);
      return stated.differs?.[place] ? mutate(stated, place, random) : null;
    },
  };
}

const LANGUAGES = ['java', 'node', 'python'];

function otherSlot(slots: readonly Slot[], slot: Slot, random: Random): Slot | undefined {
  return random.of(slots.filter((one) => one !== slot));
}

export const OPERATORS: readonly Operator[] = [
  onSteps('an errno of a step changed', ending(ERRNOS, ERRNOS)),
  onSteps('a step that fails made well', ending(ERRNOS, ['ok', 'eof'])),
  onSteps('a step that is well made fail', ending(['ok', 'eof'], ERRNOS)),
  onSteps('`ok` and `eof` changed for each other', ending(['ok', 'eof'], ['ok', 'eof'])),
  onSteps(
    'a step made to block, or not to',
    (steps, random) =>
      ending(['blocked'], ['ok'])(steps, random) ??
      ending(['ok', 'eof', ...ERRNOS], ['blocked'])(steps, random),
  ),
  onSteps('a step taken out', (steps, random) =>
    steps.length > 1 ? steps.toSpliced(random.below(steps.length), 1) : null,
  ),
  onSteps('a step doubled', (steps, random) => {
    const place = random.below(steps.length);
    return steps.toSpliced(place, 0, steps[place] as StepOutcome);
  }),
  onSteps('two steps in the other order', (steps, random) => {
    if (steps.length < 2) return null;
    const place = random.below(steps.length - 1);
    const [one, other] = steps.slice(place, place + 2) as [StepOutcome, StepOutcome];
    return steps.with(place, other).with(place + 1, one);
  }),
  onSteps('another step', (steps, random) => {
    const place = random.below(steps.length);
    const [step, how] = halves(steps[place] as StepOutcome);
    const other = random.other(STEP_NAMES, step);
    return other === undefined ? null : steps.with(place, `${other} ${how}` as StepOutcome);
  }),

  on('a RST where there is none', (expectation, random) => {
    if (expectation.packets.rst !== 'none') return null;
    return withRst(expectation, { from: random.of(SIDES) ?? 'server' });
  }),
  on('no RST', (expectation) => withRst(expectation, 'none')),
  onReset('a RST of another side', (reset, random) => ({
    ...reset,
    from: random.other(SIDES, reset.from) ?? 'client',
  })),
  onReset('a RST of the other kind', ({ kind, ...reset }) =>
    kind ? { ...reset, kind: kind === 'socket' ? 'stateless' : 'socket' } : null,
  ),
  onReset('the kind of a RST left open', ({ kind, ...reset }) => (kind ? reset : null)),
  onReset('the kind of a RST stated', ({ kind, ...reset }, random) =>
    kind ? null : { ...reset, kind: random.of(['socket', 'stateless'] as const) ?? 'socket' },
  ),
  onReset('a RST in answer to something else', ({ answers, ...reset }, random) => {
    const other = random.other(['SYN', 'data', 'keepalive'] as const, answers ?? 'SYN');
    return answers && other ? { ...reset, answers: other } : null;
  }),
  onReset('what a RST answers left open', ({ answers, ...reset }) => (answers ? reset : null)),
  onReset('a middlebox more or less', ({ by, ...reset }) =>
    by ? reset : { ...reset, by: 'middlebox' },
  ),
  on('a RST more', (expectation, random) => {
    const { rst } = expectation.packets;
    if (rst === 'none') return null;
    const all = 'from' in rst ? [rst] : rst;
    const from = random.of(SIDES.filter((side) => all.every((one) => one.from !== side)));
    return from ? withRst(expectation, [...all, { from }]) : null;
  }),
  on('a RST twice in the list', (expectation) => {
    const { rst } = expectation.packets;
    return rst !== 'none' && 'from' in rst ? withRst(expectation, [rst, rst]) : null;
  }),
  on('a FIN of another side, or none', (expectation, random) => {
    const { packets } = expectation;
    const fin = random.other(FIN_FROM, packets.fin) ?? 'none';
    return { ...expectation, packets: { ...packets, fin } };
  }),

  onCounts(
    'a count one more or one less',
    counting(
      (count) => count !== 'some',
      (count, random) => (count === 1 || random.below(2) ? Number(count) + 1 : Number(count) - 1),
    ),
  ),
  onCounts(
    'a count taken out',
    counting(
      () => true,
      () => undefined,
    ),
  ),
  onCounts('a count put in', (counts, random) => {
    const name = random.of(RESET_COUNTERS.filter((one) => !(one in counts)));
    return name ? { ...counts, [name]: random.of([1, 'some'] as const) ?? 1 } : null;
  }),
  onCounts(
    'a number made `some`',
    counting(
      (count) => count !== 'some',
      () => 'some',
    ),
  ),
  onCounts(
    '`some` made a number',
    counting(
      (count) => count === 'some',
      (_, random) => 1 + random.below(3),
    ),
  ),
  on('the counts of two hosts changed for each other', (expectation) => {
    const { client, server } = expectation.kernel;
    const kernel = { ...expectation.kernel, client: server, server: client };
    return { ...expectation, kernel };
  }),
  onReasons(
    'another reason',
    reasoning((reason, random) => {
      const names = namesOf(reason);
      const other = random.of(REASONS.filter((name) => !names.includes(name)));
      return other ? named(reason, names.with(random.below(names.length), other)) : null;
    }),
  ),
  onReasons(
    'a reason more in a list',
    reasoning((reason, random) => {
      const names = namesOf(reason);
      const other = random.of(REASONS.filter((name) => !names.includes(name)));
      return other ? named(reason, [...names, other]) : null;
    }),
  ),
  onReasons(
    'a reason less in a list',
    reasoning((reason, random) => {
      const names = namesOf(reason);
      return names.length > 1
        ? named(reason, names.toSpliced(random.below(names.length), 1))
        : null;
    }),
  ),
  onReasons(
    'the reason of another side',
    reasoning((reason, random) => ({
      ...reason,
      from: random.other(SIDES, reason.from) ?? 'client',
    })),
  ),
  onReasons('a reason that another side gives, too', (reasons, random) => {
    const [first] = reasons;
    const from = random.of(SIDES.filter((side) => reasons.every((one) => one.from !== side)));
    return first && from ? [...reasons, { ...first, from }] : null;
  }),
  on('`none` or `received only` for a reason', (expectation, random) => {
    const { reason } = expectation.kernel;
    const other = random.other(['none', 'received only'] as const, reason as 'none');
    return other ? withReason(expectation, other) : null;
  }),
  on('a reason where there is none', (expectation, random) => {
    if (typeof expectation.kernel.reason !== 'string') return null;
    const from = random.of(SIDES) ?? 'server';
    return withReason(expectation, { from, is: random.of(REASONS) ?? 'TCP_STATE' });
  }),

  onAlternatives('an alternative taken out', (alternatives, random) =>
    alternatives.length > 2 ? alternatives.toSpliced(random.below(alternatives.length), 1) : null,
  ),
  onAlternatives('the alternatives in another order', (alternatives) => alternatives.toReversed()),
  {
    name: 'parts of two expectations mixed',
    mutate(stated, random) {
      const slots = slotsOf(stated);
      const slot = random.of(slots);
      const other = slot && otherSlot(slots, slot, random);
      if (!slot || !other) return null;
      const part = random.of(['client', 'packets', 'kernel'] as const) ?? 'client';
      const own = at(stated, slot);
      return withExpectation(stated, slot, { ...own, [part]: at(stated, other)[part] });
    },
  },
  onDifference('a difference taken out', (stated, place) => ({
    ...stated,
    differs: (stated.differs ?? []).toSpliced(place, 1),
  })),
  onDifference('a difference of another language', (stated, place, random) => {
    const differs = stated.differs ?? [];
    const own = differs[place];
    const role = own?.client === undefined ? 'server' : 'client';
    const language = random.other(LANGUAGES, own?.[role] ?? '');
    if (!own || language === undefined) return null;
    return { ...stated, differs: differs.with(place, { ...own, [role]: language }) };
  }),
  onDifference('a difference of all languages', (stated, place) => {
    const differs = stated.differs ?? [];
    const { client: _, server: __, ...all } = differs[place] ?? {};
    return {
      ...stated,
      differs: differs.with(place, all as NonNullable<Stated['differs']>[number]),
    };
  }),
  onDifference('a difference and the rule changed for each other', (stated, place) => ({
    ...withExpected(stated, place, stated.expect),
    expect: expectedAt(stated, place),
  })),
];
