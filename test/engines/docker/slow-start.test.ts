// An engine that takes its time: how long it needs to start a container is not counted as the agent's.
import '../../_most-impatient.ts';
import { PassThrough } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import test from 'ava';
import { PATIENCE_MS } from '../../../runners/deadline.ts';
import { Capture } from '../../../runners/engines/capture.ts';
import { DockerHost } from '../../../runners/engines/docker/docker-host.ts';
import type { Stack } from '../../../runners/engines/docker/stack.ts';
import { python, specOf } from './_docker.ts';

/** The client of a stack whose container says something when it has been started, which takes a while. */
async function clientThat(says: string) {
  const output = new PassThrough();
  const container = { input: new PassThrough(), output, said: () => '' };
  const stack = {
    create: async () => container,
    async start() {
      // That time passes is what is tried.
      await after(3 * PATIENCE_MS);
      output.write(says);
    },
  };
  return new DockerHost('client', stack as unknown as Stack, specOf(await python()), undefined);
}

test('the time of an agent begins when its container has started', async (t) => {
  const host = await clientThat('ready 7\n');
  await host.start();
  t.is(await host.agent.ready, 7);
});

test('an agent that says nothing in a container that runs is told as such', async (t) => {
  const host = await clientThat('');
  await t.throwsAsync(host.start(), {
    message: `the agent of host client did not come within ${PATIENCE_MS / 1000} s: no message`,
  });
});

test('the time of a capture begins when it is waited for', async (t) => {
  const messages = new PassThrough();
  const capture = new Capture(new PassThrough(), messages);
  await after(3 * PATIENCE_MS);
  messages.write('listening on eth0\n');
  await t.notThrowsAsync(capture.untilListening());
});

test('a capture that does not begin is told as such', async (t) => {
  const capture = new Capture(new PassThrough(), new PassThrough());
  const listening = capture.untilListening();
  await t.throwsAsync(listening, {
    message: `the capture (tcpdump says "listening on") did not come within ${PATIENCE_MS / 1000} s`,
  });
  t.is(capture.untilListening(), listening, 'the next cell on these hosts waits no second time');
});
