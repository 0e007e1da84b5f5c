import { grouped } from '../grouped.ts';

/** A table in Markdown. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), `|${headings.map(() => '---').join('|')}|`, ...rows.map(line)];
}

/** Rows that differ in their first cell only, in one. */
export function joined(rows: readonly (readonly string[])[]): string[][] {
  return grouped(rows, ([, ...shown]) => shown.join('\n')).map((group) => {
    const [, ...shown] = group[0];
    return [group.map(([name]) => name).join(', '), ...shown];
  });
}

/** Text of a program as code, also within a table. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}

export function block(lines: readonly string[], language = ''): string[] {
  return [`\`\`\`${language}`, ...lines, '```'];
}

/** Blocks with an empty line between them. */
export function paragraphs(...blocks: readonly (readonly string[])[]): string[] {
  return blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** What stands folded in a page. */
export function details(summary: string, lines: readonly string[]): string[] {
  return ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}

export function sentence(text: string): string {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
