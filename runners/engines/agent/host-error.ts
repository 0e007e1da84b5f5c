/**
 * A host could not do its part: its agent has ended or is silent, a command is not there. That says nothing
 * about a connection, so no verdict on a lab follows from it.
 */
export class HostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HostError';
  }
}

/** Whether a shell tells by this status that a command was not found or could not be executed (POSIX). */
export function isNotExecuted(status: number | undefined): boolean {
  return status === 126 || status === 127;
}

/** The error of a command that failed on a host: one that could not even be executed is the host's. */
export function failureOf(status: number | undefined, message: string): Error {
  return isNotExecuted(status) ? new HostError(message) : new Error(message);
}
