import { STEP_NAMES, type StepName } from '../../runners/evidence/steps.ts';
/** How a step ended; `begin` if it has not ended. */
export type Step =
  | { readonly name: StepName; readonly time: number; readonly end: 'begin' | 'ok' | 'eof' }
  | {
      readonly name: StepName;
      readonly time: number;
      readonly end: 'error';
      readonly type: string;
      readonly errno: string | null;
      readonly message: string;
    };

const ENDS = ['ok', 'eof', 'error'];
const UNESCAPED: Record<string, string> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' };
/** The clock of a runtime may be read a little earlier or later than that of the test. */
const CLOCK_TOLERANCE = 200_000;

/**
 * Holds the report of one program against docs/programs.md and throws at the first line that breaks it.
 * `since` and `until` are microseconds: when the program was started, and now. Each step is returned once,
 * by its last line.
 */
export function readReport(text: string, since: number, until: number): Step[] {
  if (text === '') throw new Error('the report is empty');
  if (!text.endsWith('\n')) throw new Error('the last line does not end with a line feed');
  const steps: Step[] = [];
  let last = since - CLOCK_TOLERANCE;
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const broken = (rule: string) =>
      new Error(`line ${index + 1} (${JSON.stringify(line)}): ${rule}`);
    const [time = '', name = '', event = '', ...details] = line.split('\t');
    if (!/^\d+$/.test(time)) throw broken('the time is not a whole number');
    if (Number(time) < last) throw broken('the time is earlier than that of the line before');
    if (Number(time) > until + CLOCK_TOLERANCE) throw broken('the time is in the future');
    last = Number(time);

    if (index === 0) {
      if (name !== 'runtime') throw broken('the first line is not the runtime');
      if (event !== 'ok' || details.length !== 1 || !/^\d+(\.\d+)*/.test(details[0] ?? '')) {
        throw broken('the runtime is not "ok" and a version');
      }
      continue;
    }
    if (!isStepName(name)) throw broken('there is no such step');
    const open = steps.at(-1)?.end === 'begin' ? steps.pop() : undefined;
    if (event === 'begin') {
      if (open) throw broken(`"${open.name}" has not ended`);
    } else {
      if (!ENDS.includes(event)) throw broken('a step does not end so');
      if (open?.name !== name) throw broken('the step has not begun');
      if (event === 'eof' && name !== 'read' && name !== 'validate') {
        throw broken('only a read, or a look at the connection, meets the end of file');
      }
    }
    if (event === 'error') {
      const [type = '', errno = '', message = ''] = details;
      if (details.length !== 3) throw broken('an error is not type, errno and message');
      if (!/^\S+$/.test(type)) throw broken('the type is not one word');
      if (!/^([A-Z][A-Z0-9_]*|-)$/.test(errno)) throw broken('the errno is no name');
      if (details.some((field) => /\\(?![\\tnr])|\r/.test(field.replaceAll('\\\\', '')))) {
        throw broken('a character is not escaped as it should');
      }
      steps.push({
        name,
        time: last,
        end: event,
        type: unescaped(type),
        errno: errno === '-' ? null : errno,
        message: unescaped(message),
      });
    } else {
      if (details.length > 0) throw broken('it has more fields than it should');
      steps.push({ name, time: last, end: event as 'begin' | 'ok' | 'eof' });
    }
  }
  return steps;
}

function isStepName(name: string): name is StepName {
  return (STEP_NAMES as readonly string[]).includes(name);
}

function unescaped(field: string): string {
  return field.replace(/\\[\\tnr]/g, (escaped) => UNESCAPED[escaped] ?? escaped);
}
