import type { Errno } from '../../catalog/errno.ts';
import type { StepOutcome } from '../../catalog/expectation.ts';
import { facesOf, type NamedLanguage } from '../../catalog/language.ts';
import type { StepName } from '../../evidence/steps.ts';
import { MEANINGS } from '../../guide/meanings.ts';
import { shownBy } from '../../verdict/shown.ts';

/** One possible end, as a participant reads it. */
export type Answer = {
  readonly outcome: StepOutcome;
  /** What happens, in plain words. */
  readonly happens: string;
  /** The words of the participant's language, where it has any for it. */
  readonly words: string | undefined;
};

/** How a step may end, in words, and in those of a language. */
export function answerOf(outcome: StepOutcome, language: NamedLanguage): Answer {
  const [at = '', how = ''] = outcome.split(' ');
  return { outcome, happens: happens(at, how), words: wordsOf(outcome, language) };
}

function happens(at: string, how: string): string {
  if (how === 'ok') return at === 'read' ? 'read gets the reply' : `${at} succeeds`;
  if (how === 'eof') return 'read gets the end of file, without a reply';
  if (how === 'blocked') return `${at} waits, and nothing will ever end it`;
  const { system } = MEANINGS[how as Errno] ?? { system: null };
  if (how === 'EOF') return `${at} fails: the end of file came in the middle`;
  return `${at} fails: ${system ?? 'its own patience ends'} (${how})`;
}

function wordsOf(outcome: StepOutcome, language: NamedLanguage): string | undefined {
  const [shown] = shownBy([outcome], language).map((one) => one.shown.split(' '));
  const [at, how] = shown ?? [];
  const faces = facesOf(language, null)[at as StepName];
  const face = Object.entries(faces ?? {}).find(([errno]) => errno === how)?.[1];
  // What is another in each run, a port say, is left open.
  return face && `${face.type}: ${face.message.replaceAll(/\{\w+\}/g, '…')}`;
}
