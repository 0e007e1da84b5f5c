/** The documented exit statuses of every command. */
export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  unknown: 3,
  environment: 4,
  interrupted: 130,
} as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/**
 * An error that a person can mend. Its message stands alone: what is wrong, with which value, and the next
 * command to run or the value to write. It is printed without a stack trace.
 */
export class UserError extends Error {
  readonly exitStatus: ExitStatus;

  constructor(message: string, exitStatus: ExitStatus = EXIT.usage) {
    super(message);
    this.name = 'UserError';
    this.exitStatus = exitStatus;
  }
}

/** The environment is not ready: an engine, an image or a toolchain is missing. */
export class EnvironmentError extends UserError {
  constructor(message: string) {
    super(message, EXIT.environment);
    this.name = 'EnvironmentError';
  }
}

/** The text of anything that was thrown, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
