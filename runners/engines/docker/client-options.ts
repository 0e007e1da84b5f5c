import type { DockerOptions } from 'dockerode';
import type { EngineAddress } from './engine-address.ts';

/** The options with which dockerode reaches an engine. */
export async function clientOptions({ endpoint, tls }: EngineAddress): Promise<DockerOptions> {
  if (endpoint.by === 'socket') return { socketPath: endpoint.path };
  if (endpoint.by === 'ssh') {
    const { SshAgent } = await import('./ssh-agent.ts');
    // The name is for HTTP alone, which wants one.
    return through(new SshAgent(endpoint), { protocol: 'http', host: 'docker.ssh' });
  }
  const { host, port } = endpoint;
  if (tls === null) return { protocol: 'http', host, port };
  const { Agent } = await import('node:https');
  const { ca, cert, key, isVerified: rejectUnauthorized } = tls;
  // The times of Node.js's own agent, which cannot be told to leave the engine's certificate unverified.
  const agent = new Agent({ ca, cert, key, rejectUnauthorized, keepAlive: true, timeout: 5_000 });
  return through(agent, { protocol: 'https', host, port });
}

/** dockerode takes an agent, which its types do not tell. */
function through(agent: object, options: DockerOptions): DockerOptions {
  return { ...options, agent } as DockerOptions;
}
