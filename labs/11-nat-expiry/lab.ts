import { KEEPALIVE_EACH_SECOND } from '../../runners/catalog/keepalive.ts';
import { lab } from '../../runners/catalog/lab.ts';

/** The firewall forgets a connection after 1 s without a segment; common defaults are minutes to days. */
const ROUTER = {
  'net.netfilter.nf_conntrack_tcp_loose': 0,
  'net.netfilter.nf_conntrack_tcp_timeout_established': 1,
};

export default lab({
  title: 'A firewall forgets the idle connection',
  causes: ['firewall', 'idle'],
  topology: 'routed',
  needs: ['nft', 'conntrack'],
  server: { behaviour: 'never-reply' },
  client: { program: 'ask-twice' },
  async fault({ client, server, router, look }) {
    await client.begins('pause');
    await server.begins('wait');
    await look('router', 'conntrack -L -p tcp');
    await router.forgetsConnection();
    await look('router', 'conntrack -L -p tcp');
    await look('client', 'ss -tn');
    await client.proceed();
  },
  variants: {
    rejected: {
      title: 'A firewall forgets the idle connection and rejects what belongs to none',
      why: 'the firewall knows no such connection any more, so it answers in the name of the server',
      sysctls: { router: ROUTER },
      prepare: ({ router }) => router.tracksConnections({ invalid: 'rejected' }),
      expect: {
        client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'read ECONNRESET'],
        packets: {
          rst: { from: 'server', kind: 'stateless', answers: 'data', by: 'middlebox' },
          fin: 'none',
        },
        kernel: { client: { EstabResets: 1 }, server: {}, reason: 'received only' },
      },
    },
    dropped: {
      title: 'A firewall forgets the idle connection and drops what belongs to none',
      why: 'the firewall knows no such connection any more and says nothing: a timeout, no reset',
      sysctls: { router: ROUTER, client: { 'net.ipv4.tcp_retries2': 1 } },
      prepare: ({ router }) => router.tracksConnections({ invalid: 'dropped' }),
      expect: {
        client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'read ETIMEDOUT'],
        packets: { rst: 'none', fin: 'none' },
        kernel: { client: { EstabResets: 1, TCPAbortOnTimeout: 1 }, server: {}, reason: 'none' },
      },
    },
  },
  cures: {
    keepalive: {
      of: 'rejected',
      title: 'TCP keepalive sends a probe before the firewall can forget',
      why: 'each probe and its acknowledgement begin the time of the firewall anew',
      server: { behaviour: 'late-reply' },
      client: { program: 'ask-keepalive' },
      sysctls: {
        router: { ...ROUTER, 'net.netfilter.nf_conntrack_tcp_timeout_established': 2 },
        client: KEEPALIVE_EACH_SECOND,
      },
      async fault({ client, server, router }) {
        await client.begins('read');
        await server.begins('wait');
        await client.probes(3);
        await router.hasConnection();
        await server.release();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
    heartbeat: {
      of: 'rejected',
      title: 'Heartbeats of the application are sent before the firewall can forget',
      why: 'while the server works for 2 s, a heartbeat every quarter of a second keeps the connection known',
      server: { behaviour: 'slow-reply' },
      client: { program: 'ask-heartbeat' },
      async fault({ client, router }) {
        await client.finishes('read');
        await router.hasConnection();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
});
