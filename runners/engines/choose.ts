import { EnvironmentError } from '../user-error.ts';
import type { Engine, EngineName, EngineOptions } from './engine.ts';
import { isUnavailable } from './unavailable.ts';

export const ENGINE_CHOICES = ['auto', 'local', 'docker'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** Which engine serves, and why, in a few words. */
export type Choice = { readonly name: EngineName; readonly why: string };

/**
 * `auto` takes Docker if its API answers, and else the local engine.
 *
 * @throws EnvironmentError where Docker was asked for and does not answer
 */
export async function chooseEngine(asked: EngineChoice): Promise<Choice> {
  if (asked === 'local') return { name: 'local', why: 'asked for' };
  const { dockerAnswers } = await import('./docker/docker-answers.ts');
  const answer = await dockerAnswers({ isAskedFor: asked === 'docker' });
  if (!isUnavailable(answer)) {
    const why = asked === 'docker' ? 'asked for' : `the API of ${answer.title} answers`;
    return { name: 'docker', why };
  }
  if (asked === 'auto') return { name: 'local', why: answer.unavailable };
  throw new EnvironmentError(
    `Docker does not answer: ${answer.unavailable} Or run without it: --engine local`,
  );
}

export async function openEngine(name: EngineName, options: EngineOptions): Promise<Engine> {
  if (name === 'local') {
    const { openLocalEngine } = await import('./local/local-engine.ts');
    return openLocalEngine(options);
  }
  const { openDockerEngine } = await import('./docker/docker-engine.ts');
  return openDockerEngine(options);
}
