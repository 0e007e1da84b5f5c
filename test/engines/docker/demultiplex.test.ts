import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { demultiplex } from '../../../runners/engines/docker/demultiplex.ts';

function frame(stream: number, content: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

const FRAMES = Buffer.concat([
  frame(1, 'first '),
  frame(2, 'a message'),
  frame(1, ''),
  frame(1, 'x'.repeat(300)),
]);

for (const size of [1, 3, 8, 9, 10_000]) {
  test(`frames that come in pieces of ${size} bytes`, async (t) => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < FRAMES.length; at += size) pieces.push(FRAMES.subarray(at, at + size));
    const { output, messages } = demultiplex(Duplex.from(pieces));
    t.is(await text(output), `first ${'x'.repeat(300)}`);
    t.is(await text(messages), 'a message');
  });
}

test('an error of the connection is the end', async (t) => {
  const stream = new Duplex({ read() {}, write() {} });
  const { output, messages } = demultiplex(stream);
  stream.destroy(new Error('gone'));
  t.is(await text(output), '');
  t.is(await text(messages), '');
});
