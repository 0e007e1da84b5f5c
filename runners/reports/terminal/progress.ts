import type { CellResult } from '../../results/result.ts';
import { cut } from './text.ts';

/** One line on standard error that tells how far a run is; without a TTY only what takes long is said. */
export function progressLine(stream: NodeJS.WriteStream) {
  const counts = { pass: 0, fail: 0, unknown: 0, 'not-run': 0 };
  let expected = 0;
  let workMs = 0;
  let workedMs = 0;
  let began = performance.now();
  let shown = false;
  // A terminal without such codes shows them as they are.
  const canRewrite = stream.isTTY && process.env.TERM !== 'dumb';
  const show = (text: string) => {
    stream.write(`\r\u001b[K${cut(text, (stream.columns ?? 80) - 1)}`);
    shown = true;
  };
  const clear = () => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  return {
    /** Says what takes long: the building of an image, say. */
    say(text: string): void {
      if (canRewrite) show(text);
      else stream.write(`${text}\n`);
    },
    /** @param expectedMs the expected durations of all cells, summed up */
    expect(cells: number, expectedMs: number): void {
      expected = cells;
      workMs = expectedMs;
      began = performance.now();
    },
    /** @param expectedMs the cell's expected duration */
    count({ verdict }: CellResult, expectedMs: number): void {
      counts[verdict] += 1;
      workedMs += expectedMs;
      const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const failed = counts.fail > 0 ? `, ${counts.fail} failed` : '';
      const leftMs = ((performance.now() - began) / workedMs) * Math.max(0, workMs - workedMs);
      const text = `${done} of ${expected} cells${failed}, ${timeLeft(leftMs)}`;
      if (canRewrite && expected > 1) show(text);
      else if (done % 100 === 0 && done < expected) stream.write(`${text}\n`);
    },
    end: clear,
  };
}

/** The rest of a run's time, as exactly as it can be known: `about 40 s left`. */
export function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `about ${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return `about ${minutes} min left`;
}
