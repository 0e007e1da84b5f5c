import { until } from '../deadline.ts';
import { failureOf } from '../engines/agent/host-error.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Host } from '../engines/engine.ts';
import { socketsOn } from './live-connections.ts';

export type BalancerOptions = {
  /** It listens there, and the server does on its own host. */
  readonly port: number;
  readonly server: string;
  /** After how many milliseconds it closes an idle connection of a client. */
  readonly idleMs: number;
};

/** Starts HAProxy on the host between client and server, in TCP mode; waits until it listens. */
export async function startBalancer(host: Host, options: BalancerOptions): Promise<Program> {
  const { port } = options;
  // The agent takes words of one line. HAProxy reads its configuration once, so a pipe will do.
  const start = 'exec haproxy -db -q -f <(printf %b "$1")';
  const configuration = configurationOf(options).join('\\n');
  const program = host.agent.start(`haproxy-${port}`, '/', [
    'bash',
    '-c',
    start,
    'bash',
    configuration,
  ]);
  await until('HAProxy listens on the balancer', async () => {
    if (program.status !== undefined) {
      const { out, err } = await program.output();
      const why = `HAProxy has ended (${program.status}): ${[...err, ...out].join(' ')}`;
      throw failureOf(program.status, why);
    }
    const listens = (await socketsOn(host)).some(
      ({ state, localPort }) => state === 'LISTEN' && localPort === port,
    );
    return listens || undefined;
  });
  return program;
}

function configurationOf({ port, server, idleMs }: BalancerOptions): string[] {
  return [
    'defaults',
    ' mode tcp',
    ' timeout connect 5s',
    ` timeout client ${idleMs}ms`,
    ' timeout server 60s',
    'listen lab',
    ` bind :::${port} v4v6`,
    ` server server ${server}:${port}`,
    '',
  ];
}
