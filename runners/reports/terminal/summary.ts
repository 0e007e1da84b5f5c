import { type Signal, signalOf } from '../../catalog/expectation.ts';
import { RESET_COUNTERS } from '../../evidence/counters.ts';
import type { CellResult, StepResult } from '../../results/result.ts';
import { plain } from './text.ts';

/** The one step of the client that tells how the connection ended for it. */
export function tellingStep({ steps }: CellResult): StepResult | undefined {
  const own = steps.filter(({ role }) => role === 'client');
  return (
    own.find(({ outcome }) => outcome === 'error') ??
    own.find(({ outcome }) => outcome === 'eof') ??
    own.find(({ step }) => step === 'read') ??
    own.at(-1)
  );
}

/** A step that blocks, in words. */
export const NOT_ENDED = 'does not return';

/** The step in which the client still was when the evidence was taken; it tells the most. */
export function openStep({ unfinished }: CellResult): string | undefined {
  return unfinished.find(({ role }) => role === 'client')?.step;
}

/** The same step in words: it blocks, or the program died in it. */
export function notEnded({ outputs }: CellResult, blocked = NOT_ENDED): string {
  const client = outputs.find(({ role }) => role === 'client');
  const signal = signalOf(client?.exitStatus ?? null);
  return signal === undefined ? blocked : diesOf(signal);
}

export function diesOf(signal: Signal): string {
  return `dies of ${signal}`;
}

/** `java.net.SocketException: Connection reset`, `end of file`, `the reply` */
export function surfaced(step: StepResult | undefined): string {
  if (step === undefined) return 'nothing';
  if (step.error) return plain(`${step.error.type}: ${step.error.message}`);
  if (step.outcome === 'eof') return 'end of file';
  return step.step === 'read' ? 'the reply' : 'ok';
}

/** `RST from server`, `FIN from both`, `not captured` */
export function packetsSeen({ packets }: CellResult): string {
  if (packets === null) return 'not captured';
  const from = (flag: string) => {
    const sides = [
      ...new Set(packets.filter(({ flags }) => flags.includes(flag)).map((p) => p.from)),
    ];
    return sides.length === 2 ? 'both' : sides[0];
  };
  const [rst, fin] = [from('RST'), from('FIN')];
  if (rst && fin) return `FIN from ${fin}, RST from ${rst}`;
  if (rst) return `RST from ${rst}`;
  return fin ? `FIN from ${fin}` : 'no FIN, no RST';
}

/** The kernel's reason where it is known, else what it counted of resets. */
export function kernelSaid({ kernel, findings }: CellResult): string {
  const reasons = [...new Set(kernel.resetReasons?.map(({ reason }) => reason))];
  if (reasons.length > 0) return reasons.join(', ');
  if (kernel.hosts === null) return kernel.resetReasons === null ? 'not read' : 'no reset';
  const counts = (['client', 'balancer', 'server'] as const).flatMap((host) =>
    RESET_COUNTERS.flatMap((name) => {
      const count = kernel.hosts?.[host]?.[name];
      return count ? `${host} ${name} ${count}` : [];
    }),
  );
  const telling = counts.filter((count) => !/ (OutRsts|EstabResets) /.test(count));
  return (telling.length > 0 ? telling : counts).join(', ') || (findings ? 'no reset' : '');
}

/** `17 fd-exhaustion · queued`, `04 crash-server · cured by retry` */
export function storyName({
  number,
  lab,
  variant,
  cure,
}: Pick<CellResult, 'number' | 'lab' | 'variant' | 'cure'>): string {
  const parts = [`${number} ${lab}`, ...(variant ? [variant] : [])];
  return [...parts, ...(cure ? [`cured by ${cure}`] : [])].join(' · ');
}

/** `java 21.0.12`; of a program that did not run, what was asked for. */
export function runtime({ language, asked, version }: CellResult['client']): string {
  return version === null ? askedFor({ language, asked }) : `${language} ${plain(version)}`;
}

/** As a person asked for it: `java`, `java@25`. */
export function askedFor({
  language,
  asked,
}: Pick<CellResult['client'], 'language' | 'asked'>): string {
  return asked === null ? language : `${language}@${asked}`;
}
