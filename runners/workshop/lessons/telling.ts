import type { StepOutcome } from '../../catalog/expectation.ts';

/** The step of a client that tells how its connection ended: an error before an end of file before a reply. */
export function telling(client: readonly StepOutcome[]): StepOutcome {
  const isPlain = (outcome: StepOutcome) => / (ok|eof|blocked)$/.test(outcome);
  return (
    client.find((outcome) => !isPlain(outcome)) ??
    client.find((outcome) => outcome.endsWith(' eof')) ??
    client.find((outcome) => outcome.startsWith('read ')) ??
    (client.at(-1) as StepOutcome)
  );
}
