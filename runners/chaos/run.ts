import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until, within } from '../deadline.ts';
import { inProject, ROOT } from '../paths.ts';
import { FRAME, RESULT, type RunFrame } from '../results/recover.ts';
import type { CellResult, RunResult } from '../results/result.ts';
import { halfWritten } from '../results/store.ts';
import { JournalReader } from './journal.ts';
import type { Place } from './place.ts';
import { descendants, type IsIt, isAgent, type Process, stop } from './processes.ts';

/** A busy machine is no failure: how long a state of a run may take to come. */
const DEADLINE_MS = 90_000;

/** Some moments at which a run is to be struck pass in some ten milliseconds. */
const LATE_MS = 3;

/** How a run ended. */
export type End = {
  /** Its exit status, or the signal that ended it. */
  readonly by: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
};

/** A run of the command line as a child of its own, and what can be seen of it from outside. */
export class Run {
  readonly name: string;
  readonly #place: Place;
  readonly #child: ChildProcess;
  readonly #journal: JournalReader;
  readonly #end: Promise<End>;
  #isOver = false;
  #stderr = '';

  /** @param words what comes after `lab` */
  constructor(place: Place, name: string, words: readonly string[]) {
    this.name = name;
    this.#place = place;
    this.#journal = new JournalReader(place.seen, name);
    const [command = '', ...rest] = [
      ...[...place.enter, process.execPath, '--import', import.meta.resolve('tsx')],
      ...[inProject('runners/cli.ts'), 'lab', ...words],
      ...['--engine', place.engine, '--results', place.results, '--name', name],
    ];
    this.#child = spawn(command, rest, {
      cwd: ROOT,
      env: { ...place.leftovers.env, ...place.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#end = this.#ended();
    this.#end.catch(() => {});
    this.#follow().catch(() => {});
  }

  /** @param name `SIGSTOP`, say */
  signal(name: NodeJS.Signals): void {
    if (!this.#child.kill(name)) throw new Error(`the run had ended before ${name} could be sent`);
  }

  /** The same to a run that may have ended. */
  signalIfThere(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until it has said something on standard error. */
  says(what: RegExp): Promise<void> {
    return this.#sees(
      `${what} on standard error`,
      async () => what.test(this.#stderr) || undefined,
    ).then(() => {});
  }

  /** Waits until it makes its first hosts. */
  async makesHosts(): Promise<void> {
    await this.#sees('the making of hosts', async () => {
      if (this.#place.engine === 'local') {
        const all = descendants(this.#child.pid as number);
        return all.some(({ command }) => command.includes('namespaces.sh')) || undefined;
      }
      const made = await this.#place.leftovers.find();
      return made.some((line) => line.startsWith('container ')) || undefined;
    });
  }

  /** Waits for its end and all that it says. */
  end(deadlineMs = DEADLINE_MS): Promise<End> {
    return within(`the end of the run ${this.name}`, this.#end, deadlineMs);
  }

  /** What it has obtained up to now. */
  cells(): Promise<CellResult[]> {
    return this.#journal.cells();
  }

  /** Waits until so many cells have a result while others have none. */
  async obtains(cells: number): Promise<void> {
    const [got, planned] = [await this.#counts(cells), await this.#planned()];
    if (got >= planned) throw new Error(`all ${planned} cells of the run had a result already`);
  }

  /** Waits until all cells have a result; hosts are still being taken away then. */
  async obtainsAll(): Promise<void> {
    await this.#counts(await this.#planned());
  }

  /** Waits for a process among all that the run has started, and stops it. */
  async stops(what: string, isIt: IsIt): Promise<void> {
    await this.#sees(`${what} of the run`, async () => {
      const all = descendants(this.#child.pid as number);
      const found = all.find((one) => isIt(one, all));
      // It may have ended since it was seen: another one will come.
      return found && (await stop(found.pid)) ? true : undefined;
    });
  }

  /** The agents of the hosts that it has at this moment. */
  agents(): Process[] {
    const all = descendants(this.#child.pid as number);
    return all.filter((one) => isAgent(one, all));
  }

  /** The result in its folder; undefined where there is none. */
  async result(): Promise<RunResult | undefined> {
    const file = join(this.#place.seen, this.name, RESULT);
    return await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  }

  /** Waits for a state of the run while it goes on. */
  async #sees<T>(state: string, look: () => Promise<T | undefined>): Promise<T> {
    const seen = async () => {
      const found = await look();
      if (found === undefined && this.#isOver) {
        const { stderr } = await this.#end;
        throw new Error(`the run ended before ${state} came; it said: ${stderr.slice(-500)}`);
      }
      return found;
    };
    return await until(state, seen, { deadlineMs: DEADLINE_MS, lateMs: LATE_MS });
  }

  #counts(cells: number): Promise<number> {
    return this.#sees(`a result of ${cells} cells`, async () => {
      const { length } = await this.cells();
      return length >= cells ? length : undefined;
    });
  }

  #planned(): Promise<number> {
    return this.#sees('the plan of the run', async () => {
      const half = await halfWritten(this.#place.seen);
      const mine = half.find(({ name }) => name.startsWith(`${this.name}.`));
      if (mine === undefined) return (await this.result())?.planned;
      const file = join(this.#place.seen, mine.name, FRAME);
      const frame = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
      return (frame as RunFrame | undefined)?.planned;
    });
  }

  /** Opens the journal as soon as it is there: the run takes it away at its end. */
  async #follow(): Promise<void> {
    const open = async () => ((await this.cells()).length > 0 || this.#isOver ? true : undefined);
    await until('the journal', open, { deadlineMs: DEADLINE_MS, lateMs: LATE_MS });
  }

  async close(): Promise<void> {
    if (!this.#isOver) this.#child.kill('SIGKILL');
    await this.#end.catch(() => {});
    await this.#journal.close();
  }

  async #ended(): Promise<End> {
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error('the run has no output');
    const closed = new Promise<End['by']>((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
    });
    stderr.setEncoding('utf8').on('data', (said: string) => {
      this.#stderr += said;
    });
    const [by, said] = await Promise.all([closed, text(stdout)]).finally(() => {
      this.#isOver = true;
    });
    return { by, stdout: said, stderr: this.#stderr };
  }
}
