import type { StepName } from '../evidence/steps.ts';

/** The errnos that labs speak of. A language surfaces each in its own words: its face. */
export const ERRNOS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  /** No errno: the program's own deadline. */
  'TIMEOUT',
  /** No errno: the end of file where it must not come, within a TLS handshake say. */
  'EOF',
] as const;
export type Errno = (typeof ERRNOS)[number];

export const CLIENT_PROGRAMS = [
  'ask',
  'ask-twice',
  'ask-all',
  'ask-pooled',
  'ask-tls',
  'ask-keepalive',
  'ask-retry',
  'ask-heartbeat',
  'ask-validated',
] as const;
export type ClientProgram = (typeof CLIENT_PROGRAMS)[number];

export const SERVER_PROGRAMS = ['server', 'server-graceful', 'server-limits'] as const;
export type ServerProgram = (typeof SERVER_PROGRAMS)[number];

export const PROGRAM_NAMES = [...CLIENT_PROGRAMS, ...SERVER_PROGRAMS] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/**
 * How a language shows one errno on one operation. `errno` is null where the exception does not tell it.
 * In `message`, `{address}` and `{port}` stand for those of the peer, `{number}` for any number.
 */
export type Face = {
  readonly type: string;
  readonly errno: string | null;
  readonly message: string;
};

export type Faces = {
  readonly [step in StepName]?: { readonly [errno in Errno]?: Face };
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

/** All that the kit knows of a language; `labs/programs/<name>/language.ts` exports one by default. */
export type Language = {
  /** As a person writes it: `Java`. */
  readonly title: string;
  /** Source files of the programs and the reporter, relative to the language's folder. */
  readonly sources: readonly string[];
  /** The command of each program; it runs in the folder of the sources, or of the compiled classes. */
  readonly run: Readonly<Record<ProgramName, readonly string[]>>;
  /** The compiler's command, run in the folder of the sources; `{out}` is the folder for what it makes. */
  readonly compile?: readonly string[];
  readonly toolchain: {
    /** Executables that must be on the PATH to run and, where needed, to compile. */
    readonly commands: readonly string[];
    /** Prints the version, on standard output or standard error. */
    readonly version: readonly string[];
    /** The Debian package that has them. */
    readonly debian: string;
    /** Folders with a `bin` in which more of them may lie: `/usr/lib/jvm/*` stands for each in one. */
    readonly homes?: readonly string[];
  };
  readonly faces: Faces;
  /** Without, there is one version only: that of the image, and on this machine that of the PATH. */
  readonly versions?: readonly LanguageVersion[];
};

/** A language with the name and the path of its folder, as a person asked for it. */
export type NamedLanguage = Language & {
  readonly name: string;
  readonly folder: string;
  /** `java` or `java@25`; unique in a run, and good in the name of a folder. */
  readonly id: string;
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
