import { UserError } from '../user-error.ts';

const BEGIN = /^<!-- generated: (\S+) -->$/;
const END = '<!-- end -->';

/**
 * Puts the generated parts of a page between their markers; all else stays.
 *
 * @param file for errors
 * @throws UserError where a marker is missing, doubled, unknown or not ended
 */
export function withParts(
  file: string,
  text: string,
  parts: Readonly<Record<string, readonly string[]>>,
): string {
  const lines: string[] = [];
  const seen = new Set<string>();
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const name = BEGIN.exec(line)?.[1];
    if (name !== undefined) {
      if (open !== undefined) throw notEnded(file, open);
      if (seen.has(name)) throw wrong(file, name, 'is there twice: leave one');
      const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
      if (part === undefined) {
        throw wrong(file, name, `is unknown: take it away, or write one of ${list(parts)}`);
      }
      seen.add(name);
      open = name;
      // Blank lines, so that what stands between is taken for Markdown.
      lines.push(line, '', ...part, '');
    } else if (line === END) {
      if (open === undefined) {
        throw new UserError(
          `${file}: \`${END}\` ends nothing: take it away, or write the beginning.`,
        );
      }
      open = undefined;
      lines.push(line);
    } else if (open === undefined) lines.push(line);
  }
  if (open !== undefined) throw notEnded(file, open);
  const missing = Object.keys(parts).find((name) => !seen.has(name));
  if (missing !== undefined) {
    throw wrong(file, missing, `is missing: write it where the part belongs, and \`${END}\` below`);
  }
  return lines.join('\n');
}

function wrong(file: string, name: string, what: string): UserError {
  return new UserError(`${file}: the marker \`<!-- generated: ${name} -->\` ${what}.`);
}

function notEnded(file: string, name: string): UserError {
  return wrong(file, name, `is not ended: write \`${END}\` below its part`);
}

function list(parts: Readonly<Record<string, unknown>>): string {
  return Object.keys(parts).join(', ');
}
