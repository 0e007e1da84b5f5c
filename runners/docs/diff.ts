const CONTEXT = 2;

type Change = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** What differs between two texts, as `diff -u` shows it, without line numbers; empty where nothing does. */
export function diff(before: string, after: string): string[] {
  const changes = changesOf(before.trimEnd().split('\n'), after.trimEnd().split('\n'));
  const shown = new Set<number>();
  for (const [index, { sign }] of changes.entries()) {
    if (sign === ' ') continue;
    for (let near = Math.max(0, index - CONTEXT); near <= index + CONTEXT; near++) shown.add(near);
  }
  const lines: string[] = [];
  for (const [index, { sign, text }] of changes.entries()) {
    if (!shown.has(index)) continue;
    if (!shown.has(index - 1)) lines.push('@@');
    lines.push(`${sign}${text}`.trimEnd());
  }
  return lines;
}

/** Which part of the lines of `after` stands in `before` too, from 0 to 1; empty lines do not count. */
export function likeness(before: string, after: string): number {
  const told = changesOf(before.split('\n'), after.split('\n')).filter(
    ({ sign, text }) => sign !== '-' && text.trim() !== '',
  );
  return told.filter(({ sign }) => sign === ' ').length / Math.max(1, told.length);
}

/** By the longest common subsequence of lines. */
function changesOf(before: readonly string[], after: readonly string[]): Change[] {
  const width = after.length + 1;
  const common = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      changes.push({ sign: ' ', text: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      changes.push({ sign: '-', text: old });
      i += 1;
    } else {
      changes.push({ sign: '+', text: now ?? '' });
      j += 1;
    }
  }
  return changes;
}
