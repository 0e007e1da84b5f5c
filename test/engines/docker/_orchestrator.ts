import type { Need, TopologyName } from '../../../runners/catalog/topology.ts';
import { openDockerEngine } from '../../../runners/engines/docker/docker-engine.ts';
import { python, specOf } from './_docker.ts';

// Makes a topology and a tracer, says so, and waits to be killed.
const [, , runId = '', kind = 'direct', ip, ...needs] = process.argv;
const engine = await openDockerEngine({ runId, capture: true, progress: () => {} });
const language = await python();
await engine.prepare(language);
const { hosts } = await engine.make(
  specOf(language, {
    kind: kind as TopologyName,
    ip: ip === '6' ? 6 : 4,
    needs: needs as Need[],
  }),
);
hosts.server.programs.start('server', '/opt/programs', ['python3', 'server.py', '5000', 'reply']);
process.stdout.write('ready\n');
