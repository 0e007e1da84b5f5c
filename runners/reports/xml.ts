/** An element; attributes that are undefined are left out. */
export type Element = {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly children?: readonly Element[];
  /** In place of children. */
  readonly text?: string;
};

/** A document, indented, with an end of line at its end. */
export function xml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, '').join('\n')}\n`;
}

function lines({ name, attributes = {}, children = [], text }: Element, indent: string): string[] {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(String(value))}"`],
  );
  const open = `${indent}<${name}${words.join('')}`;
  if (text !== undefined && text !== '') return [`${open}>${escaped(text)}</${name}>`];
  if (children.length === 0) return [`${open}/>`];
  const inner = children.flatMap((child) => lines(child, `${indent}  `));
  return [`${open}>`, ...inner, `${indent}</${name}>`];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // Else `]]>` would stand in a text.
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Text and values of attributes. What XML 1.0 forbids (section 2.2), or advises against, is shown by its
 * number; ends of lines stay in a text, and no attribute of ours has one.
 */
function escaped(text: string): string {
  return text
    .replaceAll(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
