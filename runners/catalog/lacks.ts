import type { RoleName } from './difference.ts';
import type { NamedLanguage } from './language.ts';
import { type Behaviour, type ProgramName, type ServerOfLab, serverProgram } from './programs.ts';

/** Why a language cannot play a role in a story: it has no such program. */
export function lackOf(
  { name, run, lacks = {} }: Pick<NamedLanguage, 'name' | 'run' | 'lacks'>,
  { client, server }: { readonly client: { program: ProgramName }; readonly server: ServerOfLab },
  role: RoleName,
): string | undefined {
  const program = role === 'client' ? client.program : serverProgram(server);
  if (role === 'server' && server === 'none') return undefined;
  const behaviour =
    role === 'server' && program === 'server' && server !== 'none' && 'behaviour' in server
      ? lacks[`server ${server.behaviour as Behaviour}`]
      : undefined;
  if (behaviour !== undefined) return behaviour;
  if (run[program] !== undefined) return undefined;
  return lacks[program] ?? `${name} has no ${program}`;
}

/** The command of a program which the language has. */
export function commandOf(
  { name, run }: Pick<NamedLanguage, 'name' | 'run'>,
  program: ProgramName,
): readonly string[] {
  const command = run[program];
  if (command === undefined) throw new Error(`${name} has no ${program}`);
  return command;
}
