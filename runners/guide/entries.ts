import { withDifferences } from '../catalog/differences.ts';
import type { Errno } from '../catalog/errno.ts';
import type { Alternative, Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import { lackOf } from '../catalog/lacks.ts';
import type { Face, Faces, NamedLanguage } from '../catalog/language.ts';
import type { StepName } from '../evidence/steps.ts';
import { storyName } from '../reports/terminal/summary.ts';
import { differenceOf, expectedOf } from '../verdict/expected.ts';
import { shownBy } from '../verdict/shown.ts';

/** Where a text is what the client shows. */
export type Shown = {
  readonly story: NamedLab;
  /** Why it ends so: the story's reason, that of the language's difference, or that of the outcome. */
  readonly why: string;
  /** What the network and the kernel show beside it. */
  readonly expected: Expectation;
};

/** One text that a language shows: an errno, met in a step. */
export type Entry = {
  readonly language: NamedLanguage;
  readonly step: StepName;
  readonly errno: Errno;
  readonly face: Face;
  /** The version of the language in which alone it is so; null: in all. */
  readonly version: string | null;
  /** Whether labs hold programs against it; else it was only seen. */
  readonly held: boolean;
  readonly shownIn: readonly Shown[];
};

/** A story as a language may show it with one server. */
type Showing = {
  readonly story: NamedLab;
  readonly title: string;
  /** Why it ends so with this language, where that is not the story's reason. */
  readonly because: string | undefined;
  /** How it may end, each with what the client shows then: `read ECONNRESET`. */
  readonly ends: readonly {
    readonly expected: Expectation | Alternative;
    readonly shows: ReadonlySet<string>;
  }[];
};

/**
 * All that languages show of errnos, from their faces and what else they print, with the labs that show it.
 *
 * @param servers the first is the usual one: what another server shows is told only where that one does not
 */
export function entriesOf(
  labs: readonly NamedLab[],
  languages: readonly NamedLanguage[],
  servers: readonly NamedLanguage[],
): Entry[] {
  return languages.flatMap((language) => {
    const showings = servers.flatMap((server) => showingsOf(labs, language, server));
    const own = (language.versions ?? []).flatMap(({ name, faces = {} }) =>
      entriesIn(language, showings, { faces, version: name }),
    );
    const all = entriesIn(language, showings, { faces: language.faces, version: null });
    return [...all, ...own, ...printed(language, showings)];
  });
}

/** The stories of labs that a language can play with a server. */
function showingsOf(
  labs: readonly NamedLab[],
  client: NamedLanguage,
  server: NamedLanguage,
): Showing[] {
  const stories = withDifferences(labs, [client, server]).filter(
    (story) =>
      lackOf(client, story, 'client') === undefined &&
      lackOf(server, story, 'server') === undefined,
  );
  return stories.map((story) => ({
    story,
    title: storyTitle(story),
    because: differenceOf({ lab: story, client, server })?.because,
    ends: expectedOf({ lab: story, client, server }).map((expected) => ({
      expected,
      shows: new Set(shownBy(expected.client, client).map(({ shown }) => shown)),
    })),
  }));
}

function entriesIn(
  language: NamedLanguage,
  showings: readonly Showing[],
  { faces, version }: { readonly faces: Faces; readonly version: string | null },
): Entry[] {
  return Object.entries(faces).flatMap(([step, errnos]) =>
    Object.entries(errnos ?? {}).map(([errno, face]) => ({
      ...{ language, step: step as StepName, errno: errno as Errno, face, version, held: true },
      shownIn: shownInAny(showings, [`${step} ${errno}`]),
    })),
  );
}

/** What a language prints beside its faces; that of its flavours is the same. */
function printed(language: NamedLanguage, showings: readonly Showing[]): Entry[] {
  if (language.name !== language.of) return [];
  return (language.printed ?? []).map(({ at, means, errno = null, ...words }) => ({
    ...{ language, step: at, errno: means, face: { ...words, errno }, version: null, held: false },
    shownIn: shownInAny(showings, outcomesOf(at, means)).filter(
      // Whose own patience has ended is gone before the kernel gives up with a RST.
      ({ expected }) => means !== 'TIMEOUT' || expected.packets.rst === 'none',
    ),
  }));
}

/** How labs may call the end that a program has met: no errno tells of the end of file, or that nothing comes. */
function outcomesOf(step: StepName, errno: Errno): string[] {
  const own = `${step} ${errno}`;
  if (errno === 'EOF') return [own, `${step} eof`];
  if (errno === 'TIMEOUT') return [own, `${step} blocked`, `${step} ETIMEDOUT`];
  return [own];
}

/** The stories that may show one of these outcomes, each with the first server with which it does. */
function shownInAny(showings: readonly Showing[], outcomes: readonly string[]): Shown[] {
  const found = new Map<string, Shown>();
  for (const showing of showings) {
    if (found.has(showing.title)) continue;
    const [shown] = outcomes.flatMap((outcome) => shownIn(showing, outcome));
    if (shown) found.set(showing.title, shown);
  }
  return [...found.values()];
}

/** Whether a story may show a step's end to the client, and why. */
function shownIn({ story, because, ends }: Showing, outcome: string): Shown[] {
  const showing = ends.filter(({ shows }) => shows.has(outcome));
  const [found] = showing;
  if (found === undefined) return [];
  const { expected } = found;
  // Where all outcomes show it, that which tells them apart is not its cause.
  const own = 'because' in expected && showing.length < ends.length ? expected.because : undefined;
  return [{ story, why: own ?? because ?? story.why, expected }];
}

/** `04 crash-server`, `08 restart-server · listening · cured by retry` */
export function storyTitle(story: NamedLab): string {
  return storyName({ ...story, lab: story.name });
}

/** `java.net.SocketException: Connection reset`, with words in place of what changes. */
export function textOf({ type, message }: Face): string {
  return message === '' ? type : `${type}: ${message}`;
}

/** The same for people, what changes in it marked as such: `connect ECONNREFUSED ADDRESS:PORT` */
export function shownText(face: Face): string {
  return textOf(face)
    .replaceAll('{number}', 'N')
    .replaceAll(/\{(address|own|peer|port)\}/g, (_, what) => what.toUpperCase());
}
