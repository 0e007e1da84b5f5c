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

export const BEHAVIOURS = [
  'reply',
  'close',
  'abort',
  'never-read',
  'never-reply',
  'late-reply',
  'early-reply',
  'slow-reply',
  'serve',
  'leak',
  'accept-leak',
  'grow',
  'read-grow',
  'tls',
] as const;
/** What the example server does, see docs/programs.md. */
export type Behaviour = (typeof BEHAVIOURS)[number];

export const LIMITS = ['reserve', 'shed'] as const;

export type ServerOfLab =
  /** No server is started. */
  | 'none'
  | { readonly behaviour: Behaviour }
  /** A participant's server in the place of the example server: it has no behaviours. */
  | { readonly program: 'server' }
  | { readonly program: 'server-graceful' }
  | { readonly program: 'server-limits'; readonly behaviour: (typeof LIMITS)[number] };

export type ClientOfLab = {
  readonly program: ClientProgram;
  readonly arguments?: readonly string[];
};

type ProgramCall = { readonly program: ProgramName; readonly words: readonly string[] };

/**
 * The programs of a lab and their arguments.
 *
 * @param peer the address to which the client connects
 */
export function commandsOf(
  { client, server }: { readonly client: ClientOfLab; readonly server: ServerOfLab },
  peer: string,
  port: number,
): Record<'client' | 'server', ProgramCall> {
  return {
    client: {
      program: client.program,
      words: [peer, String(port), ...(client.arguments ?? [])],
    },
    server: {
      program: serverProgram(server),
      words: [
        String(port),
        ...(server !== 'none' && 'behaviour' in server ? [server.behaviour] : []),
      ],
    },
  };
}

/** The program of a lab's server; without a server it is never started. */
export function serverProgram(server: ServerOfLab) {
  return server !== 'none' && 'program' in server ? server.program : 'server';
}
