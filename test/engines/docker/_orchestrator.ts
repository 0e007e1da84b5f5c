import { openDockerEngine } from '../../../runners/engines/docker/docker-engine.ts';
import { python } from './_docker.ts';

// Makes a topology and a tracer, says so, and waits to be killed.
const runId = process.argv[2] ?? '';
const engine = await openDockerEngine({ runId, capture: true, progress: () => {} });
const language = await python();
await engine.prepare(language);
const { hosts } = await engine.direct({ client: language, server: language });
hosts.server.agent.start('server', '/opt/programs', ['python3', 'server.py', '5000', 'reply']);
process.stdout.write('ready\n');
