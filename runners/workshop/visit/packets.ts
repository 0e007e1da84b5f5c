import { wide } from '../../reports/terminal/text.ts';
import { timeline } from '../../reports/terminal/timeline.ts';
import type { CellResult } from '../../results/result.ts';
import type { Console } from './console.ts';

/** Shows all segments of a run. */
export function showPackets(cell: CellResult | undefined, console: Console): void {
  if (cell === undefined) console.say('', 'Nothing has run yet: r');
  else if (cell.packets === null) console.say('', 'Its packets could not be captured.');
  else console.tell('', ...timeline(cell, wide(console.screen), true));
}
