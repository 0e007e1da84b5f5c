import { type Duplex, PassThrough, type Readable } from 'node:stream';

const HEADER = 8;
const STDERR = 2;

/**
 * Takes apart what Docker sends of an attached container: frames of one byte for the stream, three empty
 * ones, four for the length, and the bytes. dockerode's own copies all that is left for every frame and
 * does not pass on the end.
 */
export function demultiplex(attached: Duplex): { output: Readable; messages: Readable } {
  const output = new PassThrough();
  const messages = new PassThrough();
  let rest: Buffer = Buffer.alloc(0);
  attached.on('data', (chunk: Buffer) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (data.length >= HEADER) {
      const end = HEADER + data.readUInt32BE(4);
      if (data.length < end) break;
      (data[0] === STDERR ? messages : output).write(data.subarray(HEADER, end));
      data = data.subarray(end);
    }
    rest = data;
  });
  const end = () => {
    output.end();
    messages.end();
  };
  // An error is followed by the end; whoever reads needs to know no more.
  for (const event of ['end', 'close', 'error']) attached.on(event, end);
  return { output, messages };
}
