// What a run can leave behind on this machine. Other runs may be under way, so one's own are told by a mark.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The processes that have inherited a mark: all descendants of one child. Namespaces go with the last. */
export function processesWith(mark: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`).includes(`RESET_LABS_TEST=${mark}`)) return [];
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return [];
    }
  });
}

/** The trace instances whose names have a part; read in a mount namespace, since tracefs may not be mounted. */
export function traceInstances(name: string): string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  const script =
    '[[ -e $0/trace_pipe ]] || mount -t tracefs nodev "$0" 2>/dev/null; ls "$0/instances" 2>/dev/null';
  const list = ['--mount', 'bash', '-c', `${script}; true`, '/sys/kernel/tracing'];
  const instances = execFileSync('unshare', list, { encoding: 'utf8' }).split('\n');
  return instances.filter((instance) => instance.includes(name));
}

/** Halves of results in a folder. */
export function partialResults(results: string): string[] {
  if (!existsSync(results)) return [];
  return readdirSync(results).filter((entry) => /\.partial$|^latest\./.test(entry));
}
