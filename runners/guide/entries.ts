import { withDifferences } from '../catalog/differences.ts';
import type { Errno } from '../catalog/errno.ts';
import type { Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import { lackOf } from '../catalog/lacks.ts';
import type { Face, NamedLanguage } from '../catalog/language.ts';
import type { StepName } from '../evidence/steps.ts';
import { expectedOf } from '../verdict/expected.ts';
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

/** A language with its labs' stories, as it may show them. */
type Course = { readonly language: NamedLanguage; readonly stories: readonly NamedLab[] };

/** All that languages show of errnos, from their faces, with the labs that show it. */
export function entriesOf(
  labs: readonly NamedLab[],
  languages: readonly NamedLanguage[],
  server: NamedLanguage,
): Entry[] {
  return languages.flatMap((language) => {
    const stories = withDifferences(labs, [language, server]).filter(
      (story) => lackOf(language, story, 'client') === undefined,
    );
    const course = { language, stories };
    const own = (language.versions ?? []).flatMap(({ name, faces = {} }) =>
      entriesIn(course, faces, name, server),
    );
    return [...entriesIn(course, language.faces, null, server), ...own];
  });
}

function entriesIn(
  { language, stories }: Course,
  faces: NamedLanguage['faces'],
  version: string | null,
  server: NamedLanguage,
): Entry[] {
  return Object.entries(faces).flatMap(([step, errnos]) =>
    Object.entries(errnos ?? {}).map(([errno, face]) => ({
      ...{ language, step: step as StepName, errno: errno as Errno, face, version },
      shownIn: stories.flatMap((story) => shownIn(story, `${step} ${errno}`, language, server)),
    })),
  );
}

/** Whether a story may show a step's end to a client, and why. */
function shownIn(
  story: NamedLab,
  outcome: string,
  client: NamedLanguage,
  server: NamedLanguage,
): Shown[] {
  const difference = story.differs?.find(
    (one) => one.client === client.name && (one.server ?? server.name) === server.name,
  );
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
