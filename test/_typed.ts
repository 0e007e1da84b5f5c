// The command line in the process of the test: to start a process for each of a hundred mistakes takes a hundred times
// as long as to make them.
import { AsyncLocalStorage } from 'node:async_hooks';

/** What the command line did. */
export type Typed = { readonly status: number; readonly out: string; readonly err: string };

// As in a pipe of a terminal of 80 columns, whatever the tests themselves are shown in.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';
process.env.COLUMNS = '80';

const said = new AsyncLocalStorage<{ out: string; err: string }>();
for (const [name, of] of [
  ['stdout', 'out'],
  ['stderr', 'err'],
] as const) {
  const write = process[name].write;
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const store = said.getStore();
    if (store === undefined) return write.call(process[name], chunk, ...(rest as never[]));
    store[of] += chunk;
    const written = rest.at(-1);
    if (typeof written === 'function') process.nextTick(written);
    return true;
  }) as typeof write;
}

const { runCommandLine } = await import('../runners/cli.ts');

/**
 * What a person is told who types words behind `npm run`. For what is refused before anything is run: environment,
 * signals and standard input are those of the test.
 */
export async function typed(words: readonly string[]): Promise<Typed> {
  const store = { out: '', err: '' };
  const never = new AbortController().signal;
  const status = await said.run(store, () => runCommandLine(words, never));
  return { status, ...store };
}
