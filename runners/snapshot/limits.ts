/**
 * What one snapshot may take, in bytes and files. They hold for who packs, too, so that nobody packs what cannot be
 * opened; the runs of all labs in three languages are well below.
 */
export const LIMITS = {
  /** Of the file as it is sent. */
  packed: 32 * 1024 ** 2,
  /** Of all that is in it. */
  unpacked: 64 * 1024 ** 2,
  files: 10_000,
  /** Of a participant's own file. */
  ownFile: 256 * 1024,
} as const;
