import { existsSync } from 'node:fs';
import test from 'ava';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { engineAddress } from '../../../runners/engines/docker/engine-address.ts';
import { TOOLS_RECIPE } from '../../../runners/engines/docker/image-recipe.ts';
import { Images } from '../../../runners/engines/docker/images.ts';
import { LABEL } from '../../../runners/engines/docker/owner.ts';
import { openTrace } from '../../../runners/engines/docker/trace.ts';
import { Tracer } from '../../../runners/engines/tracer.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { specOf, withEngine } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

// Only of an engine on this machine do we know whether it has tracefs.
const address = await engineAddress();
const isHere = !isUnavailable(address) && address.endpoint.by === 'socket';
const isMounted = existsSync('/sys/kernel/tracing/trace_pipe');

if (isHere && isMounted) {
  dockerTest("the tracer tells the kernel's reason for a reset", async (t) => {
    await withEngine(t, async (engine, language) => {
      const tracer = await engine.trace();
      if (!(tracer instanceof Tracer)) throw new Error(tracer.unavailable);
      const { hosts } = await engine.make(specOf(language));
      const { folder, command } = engine.installed(language, 'ask');
      const words = [...command, hosts.server.address, '5001'];
      t.is(await hosts.client.programs.start('ask', folder, words).exited, 1);
      const lines = await tracer.since(0, 'the mark');
      const source = `${hosts.server.address}:5001`;
      t.true(lines.some((line) => line.includes('tcp_send_reset') && line.includes(source)));
    });
  });
} else {
  test.skip("the tracer tells the kernel's reason for a reset (tracefs is not mounted)", () => {});
}

for (const [what, tracefs] of [
  ['where the folder of tracefs is missing', '/nonexistent/tracing'],
  ['where tracefs is not mounted there', '/mnt'],
] as const) {
  dockerTest(`${what} the tracer is unavailable, with the reason`, async (t) => {
    await withEngine(t, async (engine, _, runId) => {
      const { docker } = await connectDocker();
      const toolsImage = await new Images(docker, (text) => t.log(text)).ensure(TOOLS_RECIPE);
      const place = { name: `reset-labs-${runId}`, labels: { [LABEL.run]: runId } };
      const { tracer, close } = await openTrace(docker, place, {
        instance: 'x',
        toolsImage,
        tracefs,
      });
      t.regex('unavailable' in tracer ? tracer.unavailable : '', /tracefs|bind source path/);
      await close();
      t.is(engine.name, 'docker');
    });
  });
}
