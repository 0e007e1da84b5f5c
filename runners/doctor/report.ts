import { paint, plain, type Screen, wrap } from '../reports/terminal/text.ts';
import type { Check, Diagnosis, Status } from './check.ts';

/** The checks as a table; under each gap the command that mends it. */
export function report({ ready, engines, checks }: Diagnosis, screen: Screen): string[] {
  const colours = paint(screen);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 6);
  const marks: Record<Status, string> = {
    ok: colours.green('✔'),
    missing: colours.red('✘'),
    optional: colours.dim('–'),
  };
  const lines: string[] = [];
  let last: string | undefined;
  for (const { name, status, detail, mend } of checks) {
    const group = groupOf(name);
    if (last !== undefined && group !== last) lines.push('');
    last = group;
    const [first = '', ...rest] = wrap(plain(detail), screen.columns - indent.length);
    lines.push(`  ${marks[status]} ${name.padEnd(width)}  ${first}`);
    lines.push(...rest.map((line) => `${indent}${line}`));
    // Not wrapped: a command is there to be copied.
    if (mend !== null) lines.push(`${indent}${colours.bold(`→ ${plain(mend)}`)}`);
  }
  const able = Object.entries(engines).flatMap(([name, engine]) => (engine.ready ? [name] : []));
  const summary = ready
    ? `${colours.green('ready')}: labs run in all languages with the ${able.join(' and the ')} engine`
    : `${colours.red('not ready')}: no engine runs labs in all languages; mend what has a ✘`;
  return [...lines, '', `  ${summary}`];
}

function groupOf(name: Check['name']): string {
  const [first = ''] = name.split(' ');
  return first === 'local' || first === 'docker' ? first : 'machine';
}
