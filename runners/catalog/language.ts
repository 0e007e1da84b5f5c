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
  };
  readonly faces: Faces;
};

/** A language with the name and the path of its folder. */
export type NamedLanguage = Language & { readonly name: string; readonly folder: string };

/** Declares a language; only there for the types. */
export function language(definition: Language): Language {
  return definition;
}
