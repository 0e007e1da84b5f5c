/** Values for the variables of a compose file. */
export type Variables = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?])([^${}]*))?\}|)/g;

/**
 * Puts values in the place of `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
 * `${NAME:?message}` and `${NAME?message}`, as the Compose specification says; `$$` is a dollar.
 * Stricter than compose in one thing: a variable that is not set and has no default is an error.
 *
 * @throws Error which names the variable or shows what is not understood
 */
export function interpolate(text: string, variables: Variables): string {
  return text.replace(REFERENCE, (all, dollar, plain, name = plain, operator = '', word = '') => {
    if (dollar !== undefined) return '$';
    if (name === undefined) throw new Error(`"${text}" has a $ which is not understood: write $$`);
    const value = variables[name];
    const isSet = value !== undefined && !(value === '' && operator.startsWith(':'));
    if (isSet) return value;
    if (operator.endsWith('-')) return word;
    throw new Error(
      `the variable ${name} is not set${word === '' ? '' : ` (${word})`}: write a default, \${${name}:-…}, in place of ${all}`,
    );
  });
}

/** The same for every text of a tree. Keys stay as they are. */
export function interpolateAll(tree: unknown, variables: Variables): unknown {
  if (typeof tree === 'string') return interpolate(tree, variables);
  if (Array.isArray(tree)) return tree.map((item) => interpolateAll(item, variables));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, interpolateAll(value, variables)]),
  );
}
