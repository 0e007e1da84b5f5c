import type { RunResult } from '../../results/result.ts';
import { paint, plain, type Screen, wrap } from './text.ts';

/** Cells that no plan has: why a language has no program for them, and how many they would be. */
export function leftOut({ leftOut }: Pick<RunResult, 'leftOut'>, screen: Screen): string[] {
  if (leftOut.length === 0) return [];
  const { dim } = paint(screen);
  return [
    '',
    dim('  Not planned, since a language has no program for it:'),
    ...leftOut.flatMap(({ language, because, cells }) =>
      wrap(`${language}: ${plain(because)}`, screen.columns - 12).map(
        (line, index) => `  ${(index === 0 ? String(cells) : '').padStart(6)}  ${line}`,
      ),
    ),
  ];
}
