// Run as another user than root: says on standard output what a hostile program could do on a host.
import { openLocalEngine } from '../../runners/engines/local/local-engine.ts';
import { hostsView } from '../../runners/engines/local/view.ts';
import { inProject } from '../../runners/paths.ts';
import { attempts } from './_attempts.ts';

const engine = await openLocalEngine({ runId: 'rootless', capture: true, progress: () => {} });
const language = { name: 'none' } as never;
const topology = await engine.make({
  ...{ kind: 'direct', ip: 4, languages: { client: language, server: language } },
  ...{ sysctls: {}, needs: [] },
});
const found = await attempts(topology, {
  folder: inProject('labs/programs/python'),
  writable: hostsView('/').writable,
  more: process.argv.slice(2),
});
await engine.close();
console.log(JSON.stringify(found));
