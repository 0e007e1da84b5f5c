import { messageOf } from '../../user-error.ts';

/** The HTTP status with which Docker refused a request; undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** Why a request failed: Docker's own words, without what dockerode puts before them. */
export function refusalOf(error: unknown): string {
  return messageOf(error).replace(/^\(HTTP code \d+\) [^-]*- /, '');
}
