import { Readable } from 'node:stream';
import test from 'ava';
import {
  followImageStream,
  ImageStreamError,
} from '../../../runners/engines/docker/image-stream.ts';

async function follow(...texts: string[]): Promise<string[]> {
  const lines: string[] = [];
  await followImageStream(Readable.from(texts.map((text) => Buffer.from(text))), (line) =>
    lines.push(line),
  );
  return lines;
}

test("a build's output comes line by line, also out of messages in pieces", async (t) => {
  const lines = await follow(
    '{"stream":"Step 1/2 : FROM x\\n"}\r\n{"str',
    'eam":"a\\nb\\n"}\n{"aux":{}}\n',
  );
  t.deepEqual(lines, ['Step 1/2 : FROM x', 'a', 'b']);
});

test("a pull's states come with what they are of", async (t) => {
  t.deepEqual(await follow('{"status":"Pulling","id":"abc"}\n{"status":"Done"}\n'), [
    'abc: Pulling',
    'Done',
  ]);
});

test('a failure that is only a message is an error with the end of the output', async (t) => {
  const output = Array.from({ length: 30 }, (_, line) => `{"stream":"line ${line}\\n"}\n`);
  const failure = '{"errorDetail":{"code":1,"message":"it returned 1"},"error":"it returned 1"}\n';
  const error = await t.throwsAsync(follow(...output, failure), { message: 'it returned 1' });
  t.true(error instanceof ImageStreamError);
  const lines = (error as ImageStreamError).output;
  t.is(lines.length, 15);
  t.is(lines.at(-1), 'line 29');
});
