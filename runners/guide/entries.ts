import { withDifferences } from '../catalog/differences.ts';
import type { Errno } from '../catalog/errno.ts';
import type { Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import { lackOf } from '../catalog/lacks.ts';
import type { Face, Faces, NamedLanguage } from '../catalog/language.ts';
import type { StepName } from '../evidence/steps.ts';
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
  readonly shownIn: readonly Shown[];
};

/** A language with its labs' stories, as it may show them with one server. */
type Course = {
  readonly language: NamedLanguage;
  readonly server: NamedLanguage;
  readonly stories: readonly NamedLab[];
};

/**
 * All that languages show of errnos, from their faces, with the labs that show it.
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
    return [...entriesIn(language, courses, { faces: language.faces, version: null }), ...own];
  });
}

function entriesIn(
  language: NamedLanguage,
  courses: readonly Course[],
  { faces, version }: { readonly faces: Faces; readonly version: string | null },
): Entry[] {
  return Object.entries(faces).flatMap(([step, errnos]) =>
    Object.entries(errnos ?? {}).map(([errno, face]) => {
      const found = new Map<string, Shown>();
      for (const { server, stories } of courses) {
        for (const story of stories) {
          const [shown] = shownIn(story, `${step} ${errno}`, language, server);
          const title = storyTitle(story);
          if (shown && !found.has(title)) found.set(title, shown);
        }
      }
      return {
        ...{ language, step: step as StepName, errno: errno as Errno, face, version },
        shownIn: [...found.values()],
      };
    }),
  );
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
export function storyTitle({ number, name, variant, cure }: NamedLab): string {
  return [
    `${number} ${name}`,
    ...(variant === null ? [] : [variant]),
    ...(cure === null ? [] : [`cured by ${cure}`]),
  ].join(' · ');
}

/** `java.net.SocketException: Connection reset`, with words in place of what changes. */
export function textOf({ type, message }: Face): string {
  return message === '' ? type : `${type}: ${message}`;
}
