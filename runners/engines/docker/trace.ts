import { messageOf } from '../../user-error.ts';
import { Tracer } from '../tracer.ts';
import type { Unavailable } from '../unavailable.ts';
import { readCompose } from './compose.ts';
import type { Docker } from './docker-client.ts';
import { Stack, type StackPlace } from './stack.ts';

/** The tracer and the container in which it runs. */
export type Trace = { readonly tracer: Tracer | Unavailable; close(): Promise<void> };

/**
 * Follows the kernel's resets from a container with the engine's tracefs, see docker/tracer.compose.yaml.
 * Many engines have none, and labs do without: whatever goes wrong is a reason, never an error.
 */
export async function openTrace(
  docker: Docker,
  place: StackPlace,
  names: {
    readonly instance: string;
    readonly toolsImage: string;
    /** Where Docker's machine has tracefs mounted, if it is not the usual place. */
    readonly tracefs?: string;
  },
): Promise<Trace> {
  const compose = await readCompose('docker/tracer.compose.yaml', {
    TOOLS_IMAGE: names.toolsImage,
    TRACE_INSTANCE: names.instance,
    ...(names.tracefs === undefined ? {} : { TRACEFS: names.tracefs }),
  });
  const stack = new Stack(docker, compose, place);
  try {
    const { input, output, ended } = await stack.create('tracer');
    await stack.start('tracer');
    const opened = await Tracer.open(input, output, ended);
    const tracer =
      opened instanceof Tracer
        ? opened
        : {
            unavailable: `${opened.unavailable} (tracefs must be mounted at /sys/kernel/tracing on Docker's machine)`,
          };
    return {
      tracer,
      async close() {
        // It ends by itself, so that it can take its trace instance away.
        if (tracer instanceof Tracer) await tracer.close().catch(() => {});
        await stack.close();
      },
    };
  } catch (error) {
    await stack.close();
    return { tracer: { unavailable: messageOf(error) }, close: async () => {} };
  }
}
