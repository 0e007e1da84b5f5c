// Run as another user than root: makes all topologies and says on standard output what could be done there.
import { HOSTS_OF, NEEDS, TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { openLocalEngine } from '../../../runners/engines/local/local-engine.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { messageOf } from '../../../runners/user-error.ts';

const engine = await openLocalEngine({ runId: 'rootless', capture: true, progress: () => {} });
const language = { name: 'none' } as never;
const done: Record<string, unknown> = {};
for (const need of NEEDS) done[need] = (await engine.lacks(need))?.unavailable ?? 'there';
for (const kind of TOPOLOGY_NAMES) {
  for (const ip of [4, 6] as const) {
    const made = await engine.make({
      ...{ kind, ip, languages: { client: language, server: language } },
      ...{ sysctls: { server: { 'net.ipv4.tcp_abort_on_overflow': 1 } }, needs: ['ss', 'nft'] },
    });
    const { client, server, balancer } = made.hosts;
    await made.rebootServer();
    if (!isUnavailable(made.capture)) {
      await made.capture.untilListening();
      const address = (balancer ?? server).address;
      await made.capture.until('mark', () => client.agent.ask('mark', address, 'mark'));
    }
    for (const name of HOSTS_OF[kind]) {
      const administrator = made.hosts[name]?.administrator;
      if (done.nft === 'there') {
        const rule =
          'add table inet lab; add chain inet lab c { type filter hook input priority 0; }';
        await administrator?.run('nft', `${rule}; add rule inet lab c ct state new drop`);
      }
      await administrator?.run('ss', '--tcp', '--kill', 'state', 'connected');
    }
    done[`${kind} ${ip}`] = 'made';
  }
}
done.limited = await engine
  .make({
    ...{ kind: 'direct', ip: 4, languages: { client: language, server: language } },
    ...{ sysctls: {}, needs: ['memory-limit'] },
  })
  .then(() => 'made', messageOf);
await engine.close();
console.log(JSON.stringify(done));
