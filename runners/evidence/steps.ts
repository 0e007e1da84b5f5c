/** The steps that a program can report, see docs/programs.md. */
export const STEP_NAMES = [
  'connect',
  'handshake',
  'send',
  'pause',
  'read',
  'validate',
  'backoff',
  'close',
  'listen',
  'accept',
  'wait',
  'leak',
  'grow',
  'work',
  'stop',
  'shutdown',
  'drain',
  'abort',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** What a program says of one of its operations; the line format is documented in docs/programs.md. */
export type StepLine =
  | { readonly timeUs: number; readonly step: 'runtime'; readonly version: string }
  | { readonly timeUs: number; readonly step: StepName; readonly outcome: 'begin' | 'ok' | 'eof' }
  | {
      readonly timeUs: number;
      readonly step: StepName;
      readonly outcome: 'error';
      readonly error: StepError;
    };

export type StepError = {
  readonly type: string;
  readonly errno: string | null;
  readonly message: string;
};

/** A step with its beginning and its end, in µs since the epoch. `end` is null while it blocks. */
export type Step = {
  readonly step: StepName;
  readonly beganUs: number;
  readonly end:
    | { readonly timeUs: number; readonly outcome: 'ok' | 'eof' }
    | { readonly timeUs: number; readonly outcome: 'error'; readonly error: StepError }
    | null;
};

/** Parses one line of a program's report; undefined where it does not follow the format. */
export function parseStepLine(line: string): StepLine | undefined {
  const [time = '', step = '', outcome = '', ...rest] = line.split('\t');
  const timeUs = Number(time);
  if (!/^\d{1,17}$/.test(time)) return undefined;
  if (step === 'runtime') {
    const [version] = rest;
    return outcome === 'ok' && version && rest.length === 1
      ? { timeUs, step, version: unescaped(version) }
      : undefined;
  }
  if (!isStepName(step)) return undefined;
  if (outcome === 'error') {
    const [type, errno, message] = rest.map(unescaped);
    if (!type || !errno || message === undefined || rest.length !== 3) return undefined;
    return {
      timeUs,
      step,
      outcome,
      error: { type, errno: errno === '-' ? null : errno, message },
    };
  }
  if (outcome !== 'begin' && outcome !== 'ok' && outcome !== 'eof') return undefined;
  return rest.length === 0 ? { timeUs, step, outcome } : undefined;
}

/** A program's whole report: its runtime's version and its steps in order. */
export type Report = {
  readonly version: string | null;
  readonly steps: readonly Step[];
  /** Lines which do not follow the format, or an end without its beginning. */
  readonly malformed: readonly string[];
};

/** Reads all lines of one program. */
export function readReport(lines: readonly string[]): Report {
  let version: string | null = null;
  const steps: Step[] = [];
  const malformed: string[] = [];
  for (const line of lines) {
    const said = parseStepLine(line);
    if (said === undefined) malformed.push(line);
    else if (said.step === 'runtime') version ??= said.version;
    else if (said.outcome === 'begin') {
      steps.push({ step: said.step, beganUs: said.timeUs, end: null });
    } else {
      // A server can do two things at once: stop, while it works.
      const place = steps.findLastIndex(({ step, end }) => step === said.step && end === null);
      const open = steps[place];
      if (open === undefined) malformed.push(line);
      else steps[place] = { ...open, end: endOf(said) };
    }
  }
  return { version, steps, malformed };
}

function endOf(said: Exclude<StepLine, { step: 'runtime' }>): Step['end'] {
  const { timeUs } = said;
  if (said.outcome === 'error') return { timeUs, outcome: 'error', error: said.error };
  return { timeUs, outcome: said.outcome === 'eof' ? 'eof' : 'ok' };
}

function isStepName(name: string): name is StepName {
  return (STEP_NAMES as readonly string[]).includes(name);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

function unescaped(field: string): string {
  return field.replaceAll(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}
