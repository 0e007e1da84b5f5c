/** A word as a shell takes it for one; most need no quotes. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The words of a line that {@link quoted} words make; nothing else of a shell is known. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\'|[^\s'])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(
      /'([^']*)'|\\(')/g,
      (_, inner?: string, quote?: string) => inner ?? quote ?? '',
    ),
  );
}
