import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'A firewall between client and server begins to drop the connection in silence',
  causes: ['firewall'],
  why: 'nobody answers, so the kernel sends again and again, and gives up: a timeout, no reset',
  topology: 'routed',
  needs: ['nft'],
  // Give up after 2 retransmissions, as if 0.6 s had passed; the default is 15, about a quarter of an hour.
  sysctls: { client: { 'net.ipv4.tcp_retries2': 1 } },
  server: { behaviour: 'never-reply' },
  client: { program: 'ask-twice' },
  async fault({ client, server, router, look }) {
    await client.begins('pause');
    await server.begins('wait');
    await router.drops();
    await look('router', 'nft list ruleset');
    await client.proceed();
    await client.finishes('send', 2);
    await look('client', 'ss -tno');
  },
  expect: {
    client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'read ETIMEDOUT'],
    packets: { rst: 'none', fin: 'none' },
    kernel: { client: { EstabResets: 1, TCPAbortOnTimeout: 1 }, server: {}, reason: 'none' },
  },
});
