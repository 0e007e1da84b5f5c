import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'A firewall between client and server begins to reject the connection with a RST',
  causes: ['firewall'],
  topology: 'routed',
  needs: ['nft'],
  server: { behaviour: 'never-reply' },
  variants: {
    writes: {
      title: 'A firewall rejects the connection, and the client writes',
      why: 'the firewall answers the data in the name of the server, which never sees it and sends nothing',
      client: { program: 'ask-twice' },
      async fault({ client, server, router, look }) {
        await client.begins('pause');
        await server.begins('wait');
        await router.rejects();
        await look('router', 'nft list ruleset');
        await client.proceed();
        await client.finishes('read');
        await look('server', 'ss -tn');
      },
      expect: {
        client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'read ECONNRESET'],
        packets: {
          rst: { from: 'server', kind: 'stateless', answers: 'data', by: 'middlebox' },
          fin: 'none',
        },
        kernel: { client: { EstabResets: 1 }, server: {}, reason: 'received only' },
      },
    },
    'only-reads': {
      title: 'A firewall rejects the connection, and the client only reads',
      why: 'a rule sends nothing by itself: who sends no segment is told nothing',
      client: { program: 'ask' },
      async fault({ client, server, router }) {
        await client.begins('read');
        await server.begins('wait');
        await router.rejects();
        await client.blocks('read');
      },
      expect: {
        client: ['connect ok', 'send ok', 'read blocked'],
        packets: { rst: 'none', fin: 'none' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
});
