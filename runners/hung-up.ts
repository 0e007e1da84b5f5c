import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Lets this process end as it wants to when its terminal was closed under it. What it still says is then lost; and
 * Node, which at its end sets terminals back, would abort where one is gone, unless the file is closed.
 */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter((file) => isatty(file));
  // Who reads us may have seen enough (`| head`), too: that ends neither the run nor its clean-up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('exit', () => {
    for (const file of terminals.filter((file) => !isatty(file))) closeSync(file);
  });
}
