import { readFileSync } from 'node:fs';

/** Hands out the processors on which this process may run, in turn. */
export class Processors {
  #numbers: readonly number[] | undefined;
  #turn = 0;

  next(): number {
    this.#numbers ??= parseList(allowed());
    const number = this.#numbers[this.#turn % this.#numbers.length];
    this.#turn += 1;
    return number ?? 0;
  }
}

function allowed(): string {
  return (
    /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  );
}

/** One processor as the kernel writes a mask: groups of 8 hexadecimal digits, `100,00000000` for 40. */
export function maskOf(processor: number): string {
  const digits = (1n << BigInt(processor)).toString(16);
  return digits.replace(/(?!^)(?=(?:.{8})+$)/g, ',');
}

/** Reads a list as the kernel writes it: `0-3,8`. */
export function parseList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
