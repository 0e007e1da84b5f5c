import type { StepName } from '../evidence/steps.ts';
import type { OwnDifference } from './difference.ts';
import type { Errno } from './errno.ts';
import type { Behaviour, ProgramName } from './programs.ts';

/**
 * How a language shows one errno on one operation. `errno` is null where the exception does not tell it.
 * In `message`, `{address}` and `{port}` stand for those of the peer, `{number}` for any number. `{peer}` and
 * `{own}` stand for the addresses of the peer and of the client itself as in a URL: `[2001:db8::1]`.
 */
export type Face = {
  readonly type: string;
  readonly errno: string | null;
  readonly message: string;
  /** Other words for the same, where chance decides which. */
  readonly or?: readonly string[];
  /** What a person would not guess from it, one sentence: another error's name, say. */
  readonly note?: string;
};

export type Faces = {
  readonly [step in StepName]?: { readonly [errno in Errno]?: Face };
};

/**
 * Other words that programs of a language print: those of a library above the sockets, or where they use up their
 * own patience. No lab holds them; each was seen, and stands in a text of test/fixtures/explain.
 */
export type Printed = Omit<Face, 'errno'> & {
  readonly at: StepName;
  readonly means: Errno;
  /** What the program is told in the place of an errno; without, nothing. */
  readonly errno?: Errno;
};

/** One version of a language's runtime, `java@25` say. */
export type LanguageVersion = {
  /** How the version begins that the runtime itself reports: `25`, `3.13`. */
  readonly name: string;
  /** Which image has it: the language's own, one that is built when it is asked for, or none. */
  readonly image: 'default' | 'on request' | 'none';
  /** The Debian package that has it, in a release of Debian that has this version. */
  readonly debian?: string;
  /** The npm packages that have it are this and the architecture's name: `node-linux-`. */
  readonly npm?: string;
  /** Faces that are not as the language's; all others are. */
  readonly faces?: Faces;
};

/** The languages that labs are run in without a wish: enough to see that languages differ, and soon there. */
export const USUAL: readonly string[] = ['java', 'node', 'python'];

/** What a language may be without: a program of the contract, or a behaviour of its `server`. */
export type Lacking = ProgramName | `server ${Behaviour}`;

export const SURPRISES = [
  'hides a reset',
  'loses data',
  'renames an error',
  'dies of a signal',
  'acts unasked',
] as const;

/** What somebody who knows TCP, but not this language, would not expect of it. */
export type Surprise = {
  readonly what: (typeof SURPRISES)[number];
  /** In plain words, one or two sentences. */
  readonly says: string;
  /** The names of labs that show it. */
  readonly labs: readonly string[];
  readonly link?: string;
};

/** How programs that use one way of a language to make connections surface what happens. */
type Surfacing = {
  /** The command of each program; it runs in the folder of the sources, or of the compiled classes. */
  readonly run: Readonly<Partial<Record<ProgramName, readonly string[]>>>;
  /** Why a program is not in `run`, or which behaviour its `server` has not: one sentence for each. */
  readonly lacks?: Readonly<Partial<Record<Lacking, string>>>;
  readonly faces: Faces;
  /** Errnos of which its reads say nothing: they look as the end of file does, and the client closes. */
  readonly hides?: readonly Errno[];
  /** The errno, with its face, that its reads make of the end of file. */
  readonly endsAs?: Errno;
  readonly differs?: readonly OwnDifference[];
  readonly surprises?: readonly Surprise[];
};

/**
 * Another way of a language to make connections, another library or option, which surfaces the same events
 * otherwise: `java.channel`. It needs the plain programs only; cures are those of the language.
 */
export type Flavour = Surfacing & {
  /** As a person writes it: `Java, SocketChannel`. */
  readonly title: string;
};

/** A formatter or linter: a command that fails where a source is not as it wants it. */
export type StyleCheck = {
  /** As a person calls it: `black`. */
  readonly name: string;
  /** Run in the project's folder; `{file}` is the source, `{out}` a folder for what it makes. */
  readonly command: readonly string[];
  /** What installs it. */
  readonly install: string;
};

/** All that the kit knows of a language; `labs/programs/<name>/language.ts` exports one by default. */
export type Language = Surfacing & {
  /** As a person writes it: `Java`. */
  readonly title: string;
  /** Source files of the programs and the reporter, flavours' too, relative to the language's folder. */
  readonly sources: readonly string[];
  /** The compiler's command, run in the folder of the sources; `{out}` is the folder for what it makes. */
  readonly compile?: readonly string[];
  readonly toolchain: {
    /** Executables that must be on the PATH to run and, where needed, to compile. */
    readonly commands: readonly string[];
    /** Prints the version, on standard output or standard error. */
    readonly version: readonly string[];
    /** Prints the path of the executable itself: that on the PATH may be the shim of a version manager. */
    readonly itself?: readonly string[];
    /** The Debian packages that have them, separated by spaces. */
    readonly debian: string;
    /** Folders with a `bin` in which more of them may lie: `/usr/lib/jvm/*` stands for each in one. */
    readonly homes?: readonly string[];
  };
  /** The versions with which faces and differences were seen: `3.11.7`. */
  readonly seen: readonly string[];
  /** Without, there is one version only: that of the image, and on this machine that of the PATH. */
  readonly versions?: readonly LanguageVersion[];
  /** What holds the workshop's starters and model solutions to the language's style. */
  readonly style?: readonly StyleCheck[];
  /** What stands in lines that programs of this language print of errors, and in no other's: `Errno::E`. */
  readonly marks?: readonly RegExp[];
  readonly printed?: readonly Printed[];
  /** By their names: `channel`. */
  readonly flavours?: Readonly<Record<string, Flavour>>;
};

/** A language, or a flavour of one, with its name and the path of its folder, as a person asked for it. */
export type NamedLanguage = Omit<Language, 'flavours'> & {
  /** `java`, or of a flavour `java.channel`. */
  readonly name: string;
  /** The language that has the folder, the toolchain and the image: `java`. */
  readonly of: string;
  readonly folder: string;
  /** `java`, `java.channel` or `java@25`; unique in a run, and good in the name of a folder. */
  readonly id: string;
  /** What its programs run on, `java` or `java@25`: flavours share it. */
  readonly runtime: string;
  /** The version that was asked for; null: any, in an image the default one, here that on the PATH. */
  readonly version: LanguageVersion | null;
};

/** Whether a runtime that reports `21.0.13` is version `21`. */
export function isVersion(name: string, reported: string): boolean {
  return reported.startsWith(name) && !/^\d/.test(reported.slice(name.length));
}

/** How a language shows errnos in the version that its runtime reports; null where it reported none. */
export function facesOf(
  { faces, versions }: Pick<Language, 'faces' | 'versions'>,
  reported: string | null,
): Faces {
  const own = versions?.find(({ name }) => reported !== null && isVersion(name, reported))?.faces;
  const steps = Object.entries(own ?? {}) as [StepName, Faces[StepName]][];
  return {
    ...faces,
    ...Object.fromEntries(steps.map(([step, errnos]) => [step, { ...faces[step], ...errnos }])),
  };
}

/** Declares a language; only there for the types. */
export function language(definition: Language): Language {
  return definition;
}
