import { SIGNALS, type StepOutcome, signalOf } from '../catalog/expectation.ts';
import type { Face, Faces } from '../catalog/language.ts';
import type { ProgramRun } from '../evidence/observation.ts';
import type { Step, StepError, StepName } from '../evidence/steps.ts';
import { agrees, contradicts, type Finding, unavailable } from './finding.ts';

/** Where the client connects to, and the address from which it does. */
export type Peer = { readonly address: string; readonly port: number; readonly own: string };

/** Holds the client's steps against the expected ones: each in its place, each error with its exact face. */
export function judgeProgram(
  expected: readonly StepOutcome[],
  { faces, title }: { readonly faces: Faces; readonly title: string },
  client: ProgramRun | null,
  peer: Peer,
): Finding {
  const whole = expected.join(', ');
  if (client === null || client.report.steps.length === 0) {
    const said = client?.err.find((line) => line.trim() !== '');
    return unavailable(whole, `the client reported no step${said ? `; it printed: ${said}` : ''}`);
  }
  const { steps, malformed, version } = client.report;
  if (malformed[0] !== undefined) {
    return contradicts('steps in the documented format', JSON.stringify(malformed[0]));
  }
  if (version === null) return contradicts('the version of the runtime', 'none');
  for (const [index, outcome] of expected.entries()) {
    const [name, how] = outcome.split(' ') as [StepName, string];
    const step = steps[index];
    if (how === 'blocked' || how in SIGNALS) {
      const { exitStatus } = client;
      // A program that died in a step was not blocked by it.
      const fits = how === 'blocked' ? exitStatus === null : signalOf(exitStatus) === how;
      if (step?.step === name && step.end === null && fits) continue;
      return contradicts(outcome, describeEnd(step, client));
    }
    if (how === 'ok' || how === 'eof') {
      if (step?.step === name && step.end?.outcome === how) continue;
      return contradicts(outcome, describeStep(step));
    }
    const face = faces[name]?.[how as keyof (typeof faces)[StepName]] as Face | undefined;
    const [wanted, ...others] = face ? wordings(face, peer) : [];
    const inWords = wanted ? `${name}: ${describeError(wanted)}` : outcome;
    if (step?.step !== name || step.end?.outcome !== 'error') {
      return contradicts(inWords, describeStep(step));
    }
    if (wanted === undefined) {
      return unavailable(outcome, `no face of ${how} on ${name} is recorded for ${title}`);
    }
    const { error } = step.end;
    if ([wanted, ...others].some((one) => same(error, one))) continue;
    return contradicts(inWords, describeStep(step));
  }
  const extra = steps[expected.length];
  if (extra) return contradicts(`nothing after ${expected.at(-1)}`, describeStep(extra));
  return overlap(steps) ?? otherEnd(client, expected) ?? agrees(whole);
}

/** A client does one thing after the other. Its steps are stamped by one clock. */
function overlap(steps: readonly Step[]): Finding | null {
  for (const [place, { step, beganUs }] of steps.entries()) {
    const before = steps[place - 1];
    if (!before?.end || before.end.timeUs <= beganUs) continue;
    return contradicts(
      `${step} after the end of ${before.step}`,
      `${step} before the end of ${before.step}`,
    );
  }
  return null;
}

/** A program that ends in another way than docs/programs.md says has not told all: a signal may have ended it. */
function otherEnd({ exitStatus }: ProgramRun, expected: readonly StepOutcome[]): Finding | null {
  if (exitStatus === null || exitStatus === 0 || exitStatus === 1) return null;
  if (expected.at(-1)?.endsWith(` ${signalOf(exitStatus)}`)) return null;
  return contradicts('an end with status 0 or 1', `status ${exitStatus}`);
}

/** `read: java.net.SocketException: Connection reset` */
export function describeStep(step: Step | undefined): string {
  if (step === undefined) return 'no further step';
  if (step.end === null) return `${step.step} did not end`;
  if (step.end.outcome === 'error') return `${step.step}: ${describeError(step.end.error)}`;
  return `${step.step} ${step.end.outcome}`;
}

/** The same of a step in which the program itself may have ended. */
function describeEnd(step: Step | undefined, { exitStatus }: ProgramRun): string {
  const said = describeStep(step);
  return step?.end !== null || exitStatus === null
    ? said
    : `${said}: the program did, with status ${exitStatus}`;
}

/** As the language prints it, with the errno's name where the text does not have it. */
export function describeError({ type, errno, message }: StepError): string {
  const code = errno !== null && !message.includes(errno) ? ` (${errno})` : '';
  return `${type}: ${message}${code}`;
}

/** Whether an error is that of a face, see {@link wordings}. */
export function same(seen: StepError, face: StepError): boolean {
  return (
    seen.type === face.type && seen.errno === face.errno && hasWords(seen.message, face.message)
  );
}

/** Whether a message is that of a face, in which `{number}` stands for any number. */
function hasWords(message: string, face: string): boolean {
  const [first = '', ...parts] = face.split('{number}');
  if (!message.startsWith(first)) return false;
  let rest = message.slice(first.length);
  for (const part of parts) {
    const number = /^\d+/.exec(rest)?.[0];
    if (number === undefined || !rest.startsWith(part, number.length)) return false;
    rest = rest.slice(number.length + part.length);
  }
  return rest === '';
}

/** A face in each of its words, of the connection between these ends. */
export function wordings({ type, errno, message, or = [] }: Face, ends: Peer): StepError[] {
  return [message, ...or].map((words) => ({ type, errno, message: fill(words, ends) }));
}

function fill(message: string, { address, port, own }: Peer): string {
  return message
    .replaceAll('{peer}', bracketed(address))
    .replaceAll('{own}', bracketed(own))
    .replaceAll('{address}', address)
    .replaceAll('{port}', String(port));
}

/** As in a URL: brackets tell the colons of an IPv6 address from that before the port. */
function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
