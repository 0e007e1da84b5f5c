import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../deadline.ts';

/** What a script has mounted for itself: nobody else sees it, and it goes when this process ends. */
export class MountNamespace {
  /** In front of a command that is to run in it. */
  readonly enter: readonly string[];
  /** Under it all its files are seen from outside. */
  readonly root: string;
  readonly #end: () => Promise<void>;

  private constructor(pid: number, end: () => Promise<void>) {
    // To enter it leads to its root folder.
    const folder = ['env', `--chdir=${process.cwd()}`];
    this.enter = ['nsenter', '--target', String(pid), '--mount', ...folder];
    this.root = `/proc/${pid}/root`;
    this.#end = end;
  }

  /**
   * @param script of bash, as root; `$0`, `$1` … are its words
   * @throws Error with what the script said where it fails
   */
  static async open(script: string, ...words: readonly string[]): Promise<MountNamespace> {
    const whole = `set -eu\n${script}\necho ready\nexec cat`;
    const child = spawn('unshare', ['--mount', 'bash', '-c', whole, ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(child, 'exit');
    const gone = ended.then(() => Promise.reject(new Error(`it could not be mounted: ${said}`)));
    gone.catch(() => {});
    await within('the mount namespace', Promise.race([once(child.stdout, 'data'), gone]));
    return new MountNamespace(child.pid as number, async () => {
      child.stdin.end();
      await within('the end of the mount namespace', ended);
    });
  }

  close(): Promise<void> {
    return this.#end();
  }
}
