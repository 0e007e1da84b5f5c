import type { Readable } from 'node:stream';
import { Lines } from '../agent/lines.ts';

/** One message of a build or a pull, as far as we read it. */
type Message = {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
};

/** A build or a pull that the engine reports as failed; the HTTP status is 200 all the same. */
export class ImageStreamError extends Error {
  /** The last lines of the output. */
  readonly output: readonly string[];

  constructor(message: string, output: readonly string[]) {
    super(message);
    this.name = 'ImageStreamError';
    this.output = output;
  }
}

/**
 * Reads the messages of a build or a pull to their end.
 *
 * @param onLine told of each line of output
 * @throws ImageStreamError where a message reports a failure
 */
export async function followImageStream(
  stream: Readable,
  onLine: (line: string) => void,
): Promise<void> {
  const lines = new Lines();
  const output: string[] = [];
  let failure: string | undefined;
  for await (const chunk of stream) {
    for (const line of lines.push(chunk)) {
      if (line.trim() === '') continue;
      const message = JSON.parse(line) as Message;
      failure ??= message.errorDetail?.message ?? message.error;
      for (const text of textOf(message)) {
        output.push(text);
        if (output.length > 15) output.shift();
        onLine(text);
      }
    }
  }
  if (failure !== undefined) throw new ImageStreamError(failure, output);
}

function textOf({ stream, status, id }: Message): string[] {
  const text = stream ?? (status && (id === undefined ? status : `${id}: ${status}`)) ?? '';
  return text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
}
