/**
 * Like `Promise.all`, but also after a failure waits for all the rest: what they make is then known, and
 * can be taken away.
 */
export async function settle<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return fulfilled(results);
}

/** Things by name, each made once however many ask for it. */
export class OnceEach<T> {
  readonly #made = new Map<string, Promise<T>>();

  get(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#made.get(name);
    if (known) return known;
    const made = make();
    // Whoever asked is told; a failure that nobody waits for any more must not end the process.
    made.catch(() => {});
    this.#made.set(name, made);
    return made;
  }

  /** Lets it be made again. */
  forget(name: string): void {
    this.#made.delete(name);
  }

  /** Waits until none is being made any more; returns those whose making succeeded. */
  async all(): Promise<T[]> {
    return fulfilled(await Promise.allSettled(this.#made.values()));
  }
}

function fulfilled<T>(results: readonly PromiseSettledResult<T>[]): T[] {
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
