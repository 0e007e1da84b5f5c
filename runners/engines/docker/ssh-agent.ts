import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

/** An SSH server begins to refuse connections at random where 10 others have not logged in yet. */
const AT_ONCE = 8;

/**
 * Connects to Docker's API as the `docker` command does: each connection is an `ssh` of this machine, which
 * runs `docker system dial-stdio` on the engine's. So the user's configuration of SSH holds, with its keys,
 * known hosts and jumps. What dockerode has of its own knows none of them; it trusts any host.
 */
export class SshAgent extends Agent {
  readonly #words: readonly string[];

  constructor(endpoint: Endpoint & { readonly by: 'ssh' }) {
    super({ keepAlive: true, maxSockets: AT_ONCE });
    this.#words = sshWords(endpoint);
    // Nobody else closes the connections that are kept for the next request.
    process.once('beforeExit', () => this.destroy());
  }

  override createConnection(): Socket {
    // Of a socket, HTTP needs no more than of any other duplex stream.
    return new SshConnection(this.#words) as unknown as Socket;
  }

  override keepSocketAlive(connection: SshConnection): boolean {
    connection.rest();
    return true;
  }

  override reuseSocket(connection: SshConnection): void {
    connection.wake();
  }
}

/** The arguments of `ssh`. */
export function sshWords({ user, host, port, path }: Endpoint & { by: 'ssh' }): string[] {
  return [
    // Several connections at once would all ask for the same password.
    ...['-T', '-o', 'BatchMode=yes'],
    ...(user ? ['-l', user] : []),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', host.replace(/^\[(.*)\]$/, '$1'), 'docker'],
    // A shell of that machine reads it.
    ...(path === undefined ? [] : ['--host', `'unix://${path.replaceAll("'", `'\\''`)}'`]),
    ...['system', 'dial-stdio'],
  ];
}

class SshConnection extends Duplex {
  readonly #ssh: ChildProcessByStdio<Writable, Readable, Readable>;
  #rests = false;

  constructor(words: readonly string[]) {
    super({ allowHalfOpen: false });
    const [command, ...more] = endingWithUs(['ssh', ...words]);
    // In a session of its own: what is typed at the terminal, Ctrl-C say, is for us, who still have to clean up.
    this.#ssh = spawn(command, more, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const { stdin, stdout, stderr } = this.#ssh;
    let said = '';
    stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-500);
    });
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    // Why nothing can be written any more is told by the end of ssh.
    stdin.on('error', () => {});
    Promise.all([once(this.#ssh, 'exit'), once(stdout, 'end')]).then(
      ([[status, signal]]) => {
        if (status === 0 && !this.#rests) this.push(null);
        else if (status === 0) this.destroy();
        // What it said may come after its end.
        else setImmediate(() => this.destroy(sshFailure(status ?? signal, said)));
      },
      (error) => this.destroy(sshFailure('no start', error.message)),
    );
  }

  /** Is kept for another request: the process may end meanwhile. */
  rest(): void {
    this.#rests = true;
    for (const part of this.#parts()) part.unref();
  }

  wake(): void {
    this.#rests = false;
    for (const part of this.#parts()) part.ref();
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#ssh.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // The process waits for its end.
    this.#ssh.ref();
    this.#ssh.kill();
    this.#ssh.stdin.destroy();
    done(error);
  }

  #parts(): { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#ssh;
    return [this.#ssh, ...([stdin, stdout, stderr] as unknown as Socket[])];
  }
}

/**
 * The end of its input ends no `ssh` whose stream the engine never ends, as that of a container which was made
 * and never started. So it is killed when this process ends, whatever the cause, where the system can.
 */
function endingWithUs(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (process.platform !== 'linux') return command;
  const bound = 'setpriv --pdeathsig TERM';
  const script = `${bound} true 2>/dev/null && exec ${bound} "$@"; exec "$@"`;
  return ['sh', '-c', script, 'sh', ...command];
}

function sshFailure(how: string | number, said: string): Error {
  const why = said.trim().replaceAll(/\s*\n\s*/g, ' ');
  return Object.assign(new Error(why || `ssh has ended: ${how}`), { code: 'ESSH' });
}
