import { plain, type Screen, wrap } from '../reports/terminal/text.ts';
import { RESULT } from '../results/recover.ts';
import type { RunResult } from '../results/result.ts';
import { quoted } from '../shell-words.ts';
import type { Sizes } from './archive.ts';
import type { CheckRecord } from './check-record.ts';
import { CHECK, DOCTOR, MANIFEST, type Manifest, PROGRESS } from './manifest.ts';

/** Files that are listed one by one; of more, captures are counted. */
const MOST_LISTED = 40;

const NEVER =
  'Never in it: the environment, names of machine and user, other files and their paths.';

const ABOUT: Readonly<Record<string, string>> = {
  [MANIFEST]: 'this list, hashes, revision, what repeats it',
  [RESULT]: 'the result: steps, packets, counters, versions',
  [CHECK]: 'what the exercise asks for, and what is met',
  [DOCTOR]: 'what `npm run doctor` says of this machine',
  [PROGRESS]: 'where you are in the workshop',
};

/** All that a person sees of what was packed. */
export function packedLines(
  {
    file,
    size,
    sizes,
    result,
    check,
    notes,
    ...manifest
  }: Pick<Manifest, 'redacted' | 'again' | 'whyNot'> & {
    readonly file: string;
    readonly size: number;
    readonly sizes: Sizes;
    readonly result: RunResult;
    readonly check: CheckRecord | null;
    readonly notes: readonly string[];
  },
  screen: Screen,
): string[] {
  const { again, whyNot } = manifest;
  const more = again === null ? [...notes, `It is not run again: ${whyNot}.`] : notes;
  return [
    ...indented(summary(result, check), screen, 0),
    '',
    ...fileList(sizes),
    '',
    ...[...redactions(manifest), ...more].flatMap((text) => indented(text, screen)),
    '',
    `  ${file} · ${bytes(size)}`,
    '  Send it. Who gets it looks into it by:',
    `    npm run snapshot -- --open ${quoted(file)}`,
    `    tar xzf ${quoted(file)}   (without this kit)`,
  ];
}

function summary({ id, cells, verdict, startedAt }: RunResult, check: CheckRecord | null): string {
  const labs = [...new Set(cells.map(({ number, lab }) => `${number} ${lab}`))];
  const which = labs.length > 3 ? `${labs.length} labs` : labs.join(', ');
  const what =
    check === null
      ? `${which} · ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} · ${verdict}`
      : `${check.lab} · ${check.exercise} · ${check.language} · ${check.verdict}`;
  return `${what} · ${startedAt.slice(0, 16).replace('T', ' ')} UTC · ${id}`;
}

/** What was replaced, and what never goes in. */
function redactions({ redacted }: Pick<Manifest, 'redacted'>): string[] {
  const all = Object.entries(redacted).map(([token, times]) => `${token} ${times}×`);
  const replaced =
    all.length === 0
      ? 'Nothing in it told of this machine, so nothing was replaced.'
      : `Replaced, since it tells of this machine: ${all.join(', ')}.`;
  return [replaced, NEVER];
}

/** A list of files with their sizes. */
function fileList(files: Sizes): string[] {
  const isCapture = (path: string) => path.startsWith('cells/');
  const listed = files.length <= MOST_LISTED ? files : files.filter(({ path }) => !isCapture(path));
  const rest = files.filter((file) => !listed.includes(file));
  const lines = listed.map(({ path, size }) => {
    const about =
      ABOUT[path] === undefined ? '' : `${' '.repeat(Math.max(2, 16 - path.length))}${ABOUT[path]}`;
    return `  ${bytes(size).padStart(9)}  ${path}${about}`;
  });
  if (rest.length === 0) return lines;
  const size = rest.reduce((sum, one) => sum + one.size, 0);
  return [
    ...lines,
    `  ${bytes(size).padStart(9)}  ${rest.length} captures, cells/*/*/capture.pcap`,
  ];
}

function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** Text of a stranger's, too, as wide as the screen. */
export function indented(text: string, screen: Screen, by = 2): string[] {
  return wrap(plain(text), screen.columns - by).map((line) => `${' '.repeat(by)}${line}`);
}
