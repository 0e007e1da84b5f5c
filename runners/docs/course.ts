import {
  type Alternative,
  type Expectation,
  SIGNALS,
  type Signal,
} from '../catalog/expectation.ts';
import type { NamedLanguage, Surprise } from '../catalog/language.ts';
import { isForeign } from '../evidence/connection.ts';
import { diesOf, NOT_ENDED, notEnded, openStep, surfaced } from '../reports/terminal/summary.ts';
import type { CellResult, PacketResult } from '../results/result.ts';
import { shownBy } from '../verdict/shown.ts';
import { code, sentence } from './markdown.ts';

/** `FIN from both`, `RST in the name of the server` */
export function packetsShown({ packets }: CellResult): string {
  // One connection after the other: a late segment of the first must not stand within the second.
  const seen = [...(packets ?? [])].sort((a, b) => a.connection - b.connection);
  const rsts = seen.filter(({ flags }) => flags.includes('RST'));
  const fins = seen.filter(({ flags }) => flags.includes('FIN'));
  const parts: string[] = [];
  if (fins.length > 0) parts.push(`FIN from ${sides(fins)}`);
  const forged = rsts.filter((rst) => isForeign(rst, seen));
  if (forged.length > 0) parts.push(`RST in the name of ${sides(forged)}`);
  const own = rsts.filter((rst) => !forged.includes(rst));
  if (own.length > 0) parts.push(`RST from ${sides(own)}`);
  const inOrder =
    rsts[0] && fins[0] && seen.indexOf(rsts[0]) < seen.indexOf(fins[0]) ? parts.reverse() : parts;
  return inOrder.join(', ') || 'no FIN, no RST';
}

/** The same of an expectation, where chance decides which one is met. */
export function packetsExpected({ packets }: Expectation): string {
  const { rst, fin } = packets;
  const parts: string[] = [];
  if (fin !== 'none') parts.push(`FIN from ${fin}`);
  const resets = rst === 'none' ? [] : 'from' in rst ? [rst] : rst;
  if (resets.length > 0) {
    parts.push(`RST from ${[...new Set(resets.map(({ from }) => from))].join(' and ')}`);
  }
  return parts.join(', ') || 'no FIN, no RST';
}

/** All steps of a client with the words of its language: `connect, send, read → end of file`. */
export function stepsShown(cell: CellResult): string {
  const { steps, outputs } = cell;
  const own = steps.filter(({ role }) => role === 'client');
  const printed = outputs.find(({ role }) => role === 'client')?.out ?? [];
  const said = printed.flatMap((line) => /^The server said: (.*)$/.exec(line)?.[1] ?? []);
  const reply = said.every((line) => line === 'Hello Client!')
    ? 'the reply'
    : said.map((line) => `"${line}"`).join(', ');
  const shown = own.map((step) => {
    const text = surfaced(step) === 'the reply' ? reply : surfaced(step);
    return text === 'ok' ? step.step : `${step.step} → ${step.error ? code(text) : text}`;
  });
  const open = openStep(cell);
  return [...shown, ...(open ? [`${open} ${notEnded(cell)}`] : [])].join(', ');
}

/** The step that tells how the connection ended, of an outcome that chance may choose. */
export function tellingExpected(
  { client }: Alternative | Expectation,
  language: Pick<NamedLanguage, 'faces' | 'hides' | 'endsAs'>,
): { readonly at: string; readonly text: string } {
  const { faces } = language;
  const parts = shownBy(client, language).map(({ shown }) => shown.split(' ') as [string, string]);
  const [at, how] = parts.find(([, end]) => !['ok', 'eof', 'blocked'].includes(end)) ??
    parts.find(([, end]) => end === 'eof') ??
    parts.find(([step]) => step === 'read') ??
    parts.at(-1) ?? ['', ''];
  if (how === 'eof') return { at, text: 'end of file' };
  if (how === 'ok') return { at, text: at === 'read' ? 'the reply' : 'ok' };
  if (how === 'blocked') return { at, text: NOT_ENDED };
  if (how in SIGNALS) return { at, text: diesOf(how as Signal) };
  const face = Object.entries(faces).find(([step]) => step === at)?.[1] as
    | Record<string, { type: string; message: string }>
    | undefined;
  const shown = face?.[how];
  return { at, text: shown ? code(`${shown.type}: ${shown.message}`) : how };
}

/** A known difference as an item of a list, with a link to its cause; undefined where there is none. */
export function differenceShown({ because, difference, client }: CellResult): string | undefined {
  if (because === null || difference === null) return undefined;
  return `- ${client.language}: ${sentence(because)} ([source](${difference.link}))`;
}

/** `**hides a reset**: It does. ([source](…))` */
export function surpriseShown({ what, says, link }: Surprise): string {
  const source = link === undefined ? '' : ` ([source](${link}))`;
  return `**${what}**: ${sentence(says)}${source}`;
}

function sides(packets: readonly PacketResult[]): string {
  const all = [...new Set(packets.map(({ from }) => from))];
  return all.length === 2 ? 'both' : (all[0] ?? '');
}
