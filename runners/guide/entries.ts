import { withDifferences } from '../catalog/differences.ts';
import type { Errno } from '../catalog/errno.ts';
import type { Expectation } from '../catalog/expectation.ts';
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

/** A language with its labs' stories, as it may show them with one server. */
type Course = {
  readonly language: NamedLanguage;
  readonly server: NamedLanguage;
  readonly stories: readonly NamedLab[];
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
    const courses = servers.map((server): Course => {
      const stories = withDifferences(labs, [language, server]).filter(
        (story) =>
          lackOf(language, story, 'client') === undefined &&
          lackOf(server, story, 'server') === undefined,
      );
      return { language, server, stories };
    });
    const own = (language.versions ?? []).flatMap(({ name, faces = {} }) =>
      entriesIn(language, courses, { faces, version: name }),
    );
    const all = entriesIn(language, courses, { faces: language.faces, version: null });
    return [...all, ...own, ...printed(language, courses)];
  });
}

function entriesIn(
  language: NamedLanguage,
  courses: readonly Course[],
  { faces, version }: { readonly faces: Faces; readonly version: string | null },
): Entry[] {
  return Object.entries(faces).flatMap(([step, errnos]) =>
    Object.entries(errnos ?? {}).map(([errno, face]) => ({
      ...{ language, step: step as StepName, errno: errno as Errno, face, version, held: true },
      shownIn: shownInAny(courses, [`${step} ${errno}`]),
    })),
  );
}

/** What a language prints beside its faces; that of its flavours is the same. */
function printed(language: NamedLanguage, courses: readonly Course[]): Entry[] {
  if (language.name !== language.of) return [];
  return (language.printed ?? []).map(({ at, means, errno = null, ...words }) => ({
    ...{ language, step: at, errno: means, face: { ...words, errno }, version: null, held: false },
    shownIn: shownInAny(courses, outcomesOf(at, means)).filter(
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
function shownInAny(courses: readonly Course[], outcomes: readonly string[]): Shown[] {
  const found = new Map<string, Shown>();
  for (const { language, server, stories } of courses) {
    for (const story of stories) {
      const [shown] = outcomes.flatMap((outcome) => shownIn(story, outcome, language, server));
      const title = storyTitle(story);
      if (shown && !found.has(title)) found.set(title, shown);
    }
  }
  return [...found.values()];
}

/** Whether a story may show a step's end to a client, and why. */
function shownIn(
  story: NamedLab,
  outcome: string,
  client: NamedLanguage,
  server: NamedLanguage,
): Shown[] {
  const difference = differenceOf({ lab: story, client, server });
  const all = expectedOf({ lab: story, client, server });
  const showing = all.filter(({ client: steps }) =>
    shownBy(steps, client).some(({ shown }) => shown === outcome),
  );
  const [found] = showing;
  if (found === undefined) return [];
  // Where all outcomes show it, that which tells them apart is not its cause.
  const own = 'because' in found && showing.length < all.length ? found.because : undefined;
  const why = own ?? difference?.because ?? story.why;
  return [{ story, why, expected: found }];
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
