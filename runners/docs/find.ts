import type { CellResult, Role } from '../results/result.ts';
import { countingHosts, nstatLines, traceLines } from './kernel.ts';
import { block, code, paragraphs } from './markdown.ts';
import { tcpdumpLines } from './tcpdump.ts';
import { expectedOfCell, shownCell, type Told, type ToldLab } from './told.ts';

/** What the documented means show of each story, from the run. */
export function find({ plain }: ToldLab): string[] {
  return paragraphs(...plain.flatMap(ofStory));
}

function ofStory(told: Told): string[][] {
  const { story } = told;
  const heading = story.variant === null ? [] : [[`### Seen in ${story.variant}`]];
  const cell = shownCell(told);
  if (!cell) {
    return [
      ...heading,
      ...looks(told.cells.find(({ client }) => client.language === 'python')),
      [`The segments are chance: \`npm run lab ${story.name} -- --verbose\` shows yours.`],
    ];
  }
  const kernel = expectedOfCell(story, cell)[0]?.kernel;
  const dump = story.topology === 'routed' ? 'tcpdump -nv' : 'tcpdump -n';
  return [
    ...heading,
    logs(cell),
    ...looks(cell),
    block([`client# ${dump} 'tcp port 5000'`, ...tcpdumpLines(cell, story.topology)], 'console'),
    ...(kernel ? [counted(told, cell), stated(kernel.reason)] : []),
  ];
}

function looks(cell: CellResult | undefined): string[][] {
  return (cell?.looks ?? []).map(({ on, command, lines }) =>
    block([`${on}# ${command}`, ...(lines.length > 0 ? lines : ['(nothing)'])], 'console'),
  );
}

/** What the programs themselves have left behind. */
function logs(cell: CellResult): string[] {
  return cell.outputs.map(({ role, exitStatus, out, err }) => {
    const said = [...out, ...err];
    const text = said.length === 0 ? 'nothing' : said.map((line) => code(line)).join(' ');
    const ended = endOf(role, exitStatus);
    return `- The ${cell[role].language} ${role} printed: ${text}${ended && ` (${ended})`}.`;
  });
}

/** Of a server it is chance whether it has ended when the lab is over. */
function endOf(role: Role, exitStatus: number | null): string {
  if (role === 'server') return '';
  return exitStatus === null ? 'it was still waiting' : `exit status ${exitStatus}`;
}

function counted({ story }: Told, cell: CellResult): string[] {
  const expected = expectedOfCell(story, cell);
  const lines = countingHosts(story.topology).flatMap((host) => {
    const counters = nstatLines(cell, host, expected);
    return [
      `${host}$ nstat | grep -E 'Rst|Reset|Abort|Fails|Overflow|Challenge'`,
      ...(counters.length > 0 ? counters : ['(nothing)']),
    ];
  });
  return block(lines, 'console');
}

function stated(reason: Parameters<typeof traceLines>[0]): string[] {
  const lines = traceLines(reason);
  if (lines.length === 0) return [];
  return block(['# cat /sys/kernel/tracing/trace_pipe', ...lines], 'console');
}
