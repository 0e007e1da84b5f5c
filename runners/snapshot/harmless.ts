import { plain } from '../reports/terminal/text.ts';

/** A value of a stranger's, with no text in it that controls a terminal. */
export function harmless<T>(value: T): T {
  return made(value) as T;
}

function made(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(made);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [plain(key), made(one)]));
}
