import type { StepOutcome } from '../catalog/expectation.ts';
import type { NamedLanguage } from '../catalog/language.ts';

/** What happens to a client in a step, and what a program of its language says of it. */
export type Shown = { readonly happens: StepOutcome; readonly shown: StepOutcome };

/** How a language's programs show what a lab expects to happen: a read may say something else. */
export function shownBy(
  outcomes: readonly StepOutcome[],
  { hides = [], endsAs }: Pick<NamedLanguage, 'hides' | 'endsAs'>,
): Shown[] {
  return outcomes.flatMap((happens, place): Shown[] => {
    const [step, how] = happens.split(' ');
    if (step === 'read' && hides.some((errno) => errno === how)) {
      // After an end of file a client closes.
      return [
        { happens, shown: 'read eof' },
        { happens: 'close ok', shown: 'close ok' },
      ];
    }
    if (endsAs !== undefined) {
      if (happens === 'read eof') return [{ happens, shown: `read ${endsAs}` }];
      // After an error it does not.
      if (happens === 'close ok' && outcomes[place - 1] === 'read eof') return [];
    }
    return [{ happens, shown: happens }];
  });
}
