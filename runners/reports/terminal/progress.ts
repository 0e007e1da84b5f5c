import type { CellResult } from '../../results/result.ts';
import { cut } from './text.ts';

/** One line on standard error that tells how far a run is; without a TTY only what takes long is said. */
export function progressLine(stream: NodeJS.WriteStream) {
  const counts = { pass: 0, fail: 0, unknown: 0, 'not-run': 0 };
  let expected = 0;
  let shown = false;
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
      if (stream.isTTY) show(text);
      else stream.write(`${text}\n`);
    },
    expect(cells: number): void {
      expected = cells;
    },
    count({ verdict }: CellResult): void {
      counts[verdict] += 1;
      const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const failed = counts.fail > 0 ? `, ${counts.fail} failed` : '';
      if (stream.isTTY && expected > 1) show(`${done} of ${expected} cells${failed}`);
      else if (done % 100 === 0 && done < expected)
        stream.write(`${done} of ${expected} cells${failed}\n`);
    },
    end: clear,
  };
}
