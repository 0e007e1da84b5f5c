import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { loadLanguages } from '../catalog/load.ts';
import { PROGRAM_NAMES } from '../catalog/programs.ts';
import { inProject } from '../paths.ts';
import { type Cell, PORTS, plan } from '../plan.ts';
import { type HowToRecord, type Recorded, record } from '../recording.ts';
import { EnvironmentError, messageOf } from '../user-error.ts';
import { type Judgement, judge, type Witness } from '../verdict/judge.ts';
import { CAPTURE_LIES, CAPTURE_TRUTHS } from './captures.ts';
import { KERNEL_LIES } from './kernels.ts';
import type { Lie, LyingPrograms, Others } from './lie.ts';
import { PROGRAM_LIES } from './programs.ts';
import { loadTrueStories, TRUE_STORIES, type TrueStory } from './stories.ts';

export const LIES: readonly Lie[] = [...PROGRAM_LIES, ...CAPTURE_LIES, ...KERNEL_LIES];

/** What became of a lie. */
export type Told = {
  readonly lie: Lie;
  readonly verdict: Judgement['verdict'];
  readonly reason: string;
  /** The witnesses that do not agree. */
  readonly against: readonly Witness[];
  /** What is not as the lie's entry says it must be; null where it was caught, by name. */
  readonly problem: string | null;
};

/** What became of the truth: it must pass. */
export type TwinTold = { readonly name: string; readonly problem: string | null };

export type AllTold = { readonly lies: readonly Told[]; readonly twins: readonly TwinTold[] };

/**
 * Tells all lies, and their truthful twins: lying programs in cells of their own, lies in the evidence about
 * true cells of the same run.
 *
 * @throws EnvironmentError where a true cell has not all evidence: lies in it could not be told
 */
export async function tellLies(how: Omit<HowToRecord, 'engine'>): Promise<AllTold> {
  const stories = await loadTrueStories();
  const [python] = await loadLanguages(['python'], '--client');
  if (!python) throw new Error('there is no Python');
  const first = await record(
    numbered(
      TRUE_STORIES.map((name) => ({ lab: labOf(stories, name), client: python, server: python })),
    ),
    { ...how, engine: 'local' },
  );
  const true_ = new Map(TRUE_STORIES.map((name, place) => [name, first[place] as Recorded]));
  const told = PROGRAM_LIES.flatMap((lie) => ('by' in lie ? [{ lie, by: lie.by }] : []));
  const version = first[0]?.observed.observation.client?.report.version ?? '';
  // The last is the later one: a run's cells begin in their order.
  const second = await record(
    numbered(
      [
        ...told.map(({ lie, by }) => lyingCell(lie, by, { stories, python, version })),
        { lab: labOf(stories, 'abort'), client: python, server: python },
      ],
      first.length,
    ),
    { ...how, engine: 'local' },
  );
  const others: Others = {
    of: (story) => true_.get(story) as Recorded,
    later: second.at(-1) as Recorded,
  };
  for (const one of [...true_.values(), others.later]) assertWhole(one);
  const lies = await Promise.all([
    ...told.map(({ lie }, place) => {
      const { cell, observed } = second[place] as Recorded;
      return verdictOn(lie, judge(cell, observed.observation));
    }),
    ...LIES.flatMap((lie) => ('tamper' in lie ? [tampered(lie, others)] : [])),
  ]);
  return { lies, twins: await twinsOf(others) };
}

type Pair = Pick<Cell, 'lab' | 'client' | 'server'>;

function labOf(stories: ReadonlyMap<TrueStory, NamedLab>, name: TrueStory): NamedLab {
  return stories.get(name) as NamedLab;
}

/** Cells with ports of their own. */
function numbered(pairs: readonly Pair[], before = 0): Cell[] {
  const from = PORTS.first + before;
  return pairs.flatMap(({ lab, client, server }, place) => {
    const [cell] = plan({
      ...{ labs: [lab], clients: [client], servers: [server] },
      ...{ engine: 'local', ip: 4, repeat: 1, firstPort: from + place },
    });
    return cell ? { ...cell, id: `${cell.id}-${before + place}` } : [];
  });
}

type Cast = {
  readonly stories: ReadonlyMap<TrueStory, NamedLab>;
  readonly python: NamedLanguage;
  /** The version of the machine's Python. */
  readonly version: string;
};

function lyingCell(
  { story }: Lie,
  { client, server, change, asksForVersion }: LyingPrograms,
  { stories, python, version }: Cast,
): Pair {
  const liar = client === undefined ? python : lying(python, 'client', client);
  const asked = {
    ...liar,
    id: `python@${version}`,
    version: { name: version, image: 'none' },
  } as const;
  return {
    lab: { ...labOf(stories, story), ...change },
    client: asksForVersion ? asked : liar,
    server: server === undefined ? python : lying(python, 'server', server),
  };
}

/** A language whose every program is a liar: in a run it is as any other. */
function lying(python: NamedLanguage, role: 'client' | 'server', lie: string): NamedLanguage {
  const command = ['python3', `${role}.py`, lie];
  const run = { ...python.run };
  for (const program of PROGRAM_NAMES) run[program] = command;
  return {
    ...python,
    ...{ name: `lying-${role}-${lie}`, id: `lying-${role}-${lie}` },
    // All of them are programs of one folder, which is not Python's.
    ...{ of: 'lying-programs', runtime: 'lying-programs' },
    ...{
      folder: inProject('runners/liars/programs'),
      sources: ['client.py', 'server.py', 'telling.py'],
    },
    run,
  };
}

async function tampered(lie: Extract<Lie, { tamper: unknown }>, others: Others): Promise<Told> {
  const truth = others.of(lie.story);
  try {
    return verdictOn(lie, judge(truth.cell, await lie.tamper(truth, others)));
  } catch (error) {
    throw new Error(`"${lie.name}" could not be told: ${messageOf(error)}`);
  }
}

/** Holds a verdict against what the lie's entry says of it. */
export function verdictOn(lie: Lie, { verdict, reason, findings }: Judgement): Told {
  const witnesses = Object.keys(findings) as Witness[];
  const against = witnesses.filter((name) => findings[name].agreement !== 'agrees');
  const problems = [
    ...(verdict === lie.verdict ? [] : [`the verdict is ${verdict}, not ${lie.verdict}`]),
    ...(against.join() === lie.caughtBy.join()
      ? []
      : [
          `caught by ${against.join(', ') || 'nobody'}, not by ${lie.caughtBy.join(', ') || 'nobody'}`,
        ]),
    ...(lie.says.test(reason) ? [] : ['the reason does not name it']),
  ];
  const problem = problems.length > 0 ? `${problems.join('; ')}: ${reason}` : null;
  return { lie, verdict, reason, against, problem };
}

async function twinsOf(others: Others): Promise<TwinTold[]> {
  const truths = TRUE_STORIES.map((name) => ({ name, truth: others.of(name) }));
  const all = [...truths, { name: 'abort, later', truth: others.later }].map(({ name, truth }) =>
    twin(name, judge(truth.cell, truth.observed.observation)),
  );
  const abort = others.of('abort');
  const untouched = CAPTURE_TRUTHS.map(async ({ name, tamper }) =>
    twin(name, judge(abort.cell, await tamper(abort, others))),
  );
  return [...all, ...(await Promise.all(untouched))];
}

function twin(name: string, { verdict, reason, findings }: Judgement): TwinTold {
  const all = Object.values(findings).every(({ agreement }) => agreement === 'agrees');
  return { name, problem: verdict === 'pass' && all ? null : `${verdict}: ${reason}` };
}

/** @throws EnvironmentError where something could not be collected on this machine */
function assertWhole({ cell, observed: { observation } }: Recorded): void {
  for (const kind of ['packets', 'counters', 'resets'] as const) {
    const collected = observation[kind];
    if ('got' in collected) continue;
    const { missing } = collected;
    throw new EnvironmentError(
      `Lies in evidence need the evidence: ${cell.id} has no ${kind} (${missing}). See what is missing: npm run doctor`,
    );
  }
}
