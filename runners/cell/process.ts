import type { Agent } from '../engines/agent/agent.ts';

/** A program as its kernel shows it. */
type Seen = { readonly agent: Agent; readonly pid: number };

/**
 * The states of a program's threads, `S` for one that sleeps; none where it has ended.
 *
 * Source: proc_pid_stat(5). The name of a thread, in parentheses, may have spaces; after it comes the state.
 */
export async function threadStates(seen: Seen): Promise<string[]> {
  const lines = await look(
    seen,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    'for file in /proc/$0/task/*/stat; do read -r line <$file && echo ${line##*) }; done',
  );
  return lines.map((line) => line.slice(0, 1));
}

/**
 * How many files a program may still open; undefined where it has ended.
 *
 * Source: proc_pid_fd(5), proc_pid_limits(5), getrlimit(2): the limit is one more than the greatest number.
 */
export async function freeDescriptors(seen: Seen): Promise<number | undefined> {
  const [limit = '', open] = await look(
    seen,
    'grep "^Max open files" /proc/$0/limits && cd /proc/$0/fd && set -- * && echo $#',
  );
  const most = Number(limit.split(/\s+/)[3]);
  return open === undefined ? undefined : most - Number(open);
}

/**
 * The most memory that a program has had so far, in MB (10⁶ bytes); undefined where it has ended.
 *
 * Source: proc_pid_status(5), `VmHWM`: the greatest resident set, in KiB.
 */
export async function peakMemory(seen: Seen): Promise<number | undefined> {
  const [line = ''] = await look(seen, 'grep "^VmHWM:" /proc/$0/status');
  const kibibytes = Number(/(\d+) kB/.exec(line)?.[1] ?? Number.NaN);
  return Number.isNaN(kibibytes) ? undefined : (kibibytes * 1024) / 1e6;
}

/** What a shell prints that has the process id as `$0`; nothing where the process is not there any more. */
async function look({ agent, pid }: Seen, script: string): Promise<string[]> {
  const words = ['bash', '-c', `{ ${script}; } 2>/dev/null; true`, String(pid)];
  return (await agent.run(...words)).filter((line) => line !== '');
}
