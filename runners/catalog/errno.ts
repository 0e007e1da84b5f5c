/** The errnos that labs speak of. A language surfaces each in its own words: its face. */
export const ERRNOS = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  /** No errno: the program's own deadline. */
  'TIMEOUT',
  /** No errno: the end of file where it must not come, within a TLS handshake say. */
  'EOF',
] as const;
export type Errno = (typeof ERRNOS)[number];
