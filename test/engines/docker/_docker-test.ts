import test, { type ExecutionContext } from 'ava';
import { dockerAnswers } from '../../../runners/engines/docker/docker-answers.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';

const answer = await dockerAnswers({ isAskedFor: true });

/** Declares a test that needs Docker; where there is none it is shown as skipped, with the reason. */
export function dockerTest(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (isUnavailable(answer)) test.skip(`${title} (${answer.unavailable})`, body);
  // Each of them makes several containers: at the same time they would only wait for each other.
  else test.serial(title, body);
}
