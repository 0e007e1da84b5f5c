import pc from 'picocolors';

/** How wide lines may be, and whether they may have colour. */
export type Screen = { readonly columns: number; readonly colour: boolean };

/** Colour only where a person looks, unless NO_COLOR or FORCE_COLOR say otherwise (no-color.org). */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const looked = stream.isTTY && process.env.TERM !== 'dumb';
  const colour = !NO_COLOR && (FORCE_COLOR === undefined ? looked : FORCE_COLOR !== '0');
  return wide({ columns: stream.columns ?? 120, colour: Boolean(colour) });
}

/** Tables and timelines cannot be broken; they need 80 columns, and a narrower terminal breaks them itself. */
export function wide(screen: Screen): Screen {
  return { ...screen, columns: Math.max(screen.columns, 80) };
}

export function paint({ colour }: Screen) {
  return pc.createColors(colour);
}

/**
 * Text of other programs: what controls the terminal, turns the direction or cannot be seen must not reach it.
 * What joins letters (U+200C, U+200D) is part of words in some languages.
 */
export function plain(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Cuts text to a width; what was cut is shown by an ellipsis. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Breaks text into lines at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Text of one row, its cells padded to the widths of the columns. */
export function row(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd();
}
