import type { RunResult } from '../../results/result.ts';
import { differenceProblem, nameOf } from '../../verdict/strict.ts';
import { paint, plain, type Screen, wrap } from './text.ts';

/** In a run of one story that few cells could have met, an outcome that did not come says nothing. */
const MANY = 100;

/** Expectations that go beyond what the run has shown: differences that are none, outcomes that did not come. */
export function strict(
  { neverMet, differences }: Pick<RunResult, 'neverMet' | 'differences'>,
  screen: Screen,
  { isAlone }: { readonly isAlone: boolean },
): string[] {
  const colours = paint(screen);
  const indented = (texts: readonly string[]) =>
    texts.flatMap((text) =>
      wrap(plain(text), screen.columns - 6).map((line, index) =>
        index === 0 ? `  ${line}` : `      ${line}`,
      ),
    );
  const outdated = differences.filter(({ standing }) => standing === 'not needed');
  const open = differences.filter(({ standing }) => standing === 'not shown' && !isAlone);
  const unmet = neverMet.filter(({ cells }) => !isAlone || cells >= MANY);
  const notes = [
    ...open.map(
      (difference) =>
        `not needed in this run: the difference of ${nameOf(difference)}, 0 of ${difference.cells} cells`,
    ),
    ...unmet.map(
      (one) => `not met in this run: ${nameOf(one)}: ${one.outcome}, 0 of ${one.cells} cells`,
    ),
  ];
  return [
    ...(outdated.length > 0
      ? ['', ...indented(outdated.map(differenceProblem)).map(colours.red)]
      : []),
    ...(notes.length > 0 ? ['', ...indented(notes).map(colours.dim)] : []),
  ];
}
