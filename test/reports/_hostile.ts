import type { StepError } from '../../runners/evidence/steps.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { ran } from '../_observation.ts';
import { FAIL, NOT_RUN, RACE, resultOf, UNKNOWN } from './_results.ts';

/** What a program may print to end what it stands in, or to become more than text. */
export const HOSTILE: readonly string[] = [
  '</details></summary></code><h1>owned</h1>',
  '<script>alert(1)</script>',
  '<!-- ',
  ']]></failure><![CDATA[ &amp; &#0; &owned;',
  '"\'/><owned a="',
  '```\n# owned\n```',
  '````````',
  '`owned`',
  '| owned | owned |',
  '\\| owned',
  '[owned](https://example.org) ![owned](https://example.org/a.png)',
  'https://example.org www.example.org owned@example.org',
  '@owned #1 GH-1 owned/owned#1 :tada:',
  '**owned** __owned__ ~~owned~~ *owned* _owned_',
  '::error::owned',
  '\u001b[2J\u0000\u0007\u009b31m\r\n\t\u007f\ufffe\uffff\ufdd0',
  '\u202eowned\u2066',
  '\ud800 lone \udc00',
  '$x$ $$x$$ \\(x\\)',
];

const TEXT = HOSTILE.join(' ');
const error: StepError = { type: TEXT, errno: TEXT, message: TEXT };
const clean = ran(['connect ok', 'send ok', 'read ok', 'close ok']);
const client = {
  ...clean,
  err: [TEXT],
  report: {
    ...clean.report,
    version: TEXT,
    steps: [
      { step: 'connect', beganUs: 1_008_000, end: { timeUs: 1_009_000, outcome: 'error', error } },
    ],
  },
} as const;

/** Cells in which everything that comes from a program or a machine is hostile. */
export const HOSTILE_CELLS: readonly CellResult[] = [
  resultOf({ client }),
  { ...FAIL, outputs: [{ role: 'client', exitStatus: 1, out: [TEXT], err: [TEXT], cpuMs: null }] },
  { ...UNKNOWN, reason: TEXT },
  { ...NOT_RUN, reason: TEXT },
  resultOf({ client: { ...clean, report: { ...clean.report, malformed: [TEXT] } } }),
  { ...RACE.reset, client: { ...RACE.reset.client, version: TEXT } },
];
