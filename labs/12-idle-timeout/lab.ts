import { lab } from '../../runners/catalog/lab.ts';

/** The client asks, keeps the connection, and asks again over it. */
const REUSED = [
  'connect ok',
  'send ok',
  'read ok',
  'pause ok',
  'send ok',
  'read eof',
  'close ok',
] as const;

export default lab({
  title: 'A load balancer closes the idle connection that the client keeps in its pool',
  causes: ['idle'],
  topology: 'proxied',
  needs: ['haproxy'],
  // Long enough for a client on a busy machine to have asked before.
  balancer: { idleMs: 1_000 },
  server: { behaviour: 'serve' },
  client: { program: 'ask-pooled' },
  variants: {
    closed: {
      title: 'The load balancer has closed the idle connection when the client uses it again',
      why: 'its FIN has been there for long, so the reply can only be end of file; the data is answered by a RST',
      async fault({ client, balancer, look }) {
        await client.begins('pause');
        await client.receivesFin();
        await balancer.hasLetGo();
        await client.settles();
        await look('client', 'ss -tn');
        await client.proceed();
      },
      expect: [
        {
          outcome: 'reset while open',
          because:
            'the RST for the request came before the client had closed its socket on the end of file',
          client: REUSED,
          packets: {
            rst: { from: 'balancer', kind: 'stateless', answers: 'data' },
            fin: 'balancer',
          },
          kernel: {
            client: { EstabResets: 1 },
            balancer: { OutRsts: 1 },
            server: {},
            reason: { from: 'balancer', is: 'TCP_TIMEWAIT_SOCKET' },
          },
        },
        {
          outcome: 'reset after the close',
          because:
            'the client read end of file and closed first; the RST met nobody, and its FIN is answered by another',
          client: REUSED,
          packets: { rst: { from: 'balancer', kind: 'stateless' }, fin: 'both' },
          kernel: {
            client: {},
            balancer: { OutRsts: 'some' },
            server: {},
            reason: { from: 'balancer', is: ['TCP_TIMEWAIT_SOCKET', 'TCP_FLAGS'] },
          },
        },
        {
          outcome: 'reset between',
          because:
            'the client closed when the RST for its request was on the way: its FIN was sent before that came',
          client: REUSED,
          packets: { rst: { from: 'balancer', kind: 'stateless' }, fin: 'balancer' },
          kernel: {
            client: {},
            balancer: { OutRsts: 'some' },
            server: {},
            reason: { from: 'balancer', is: ['TCP_TIMEWAIT_SOCKET', 'TCP_FLAGS'] },
          },
        },
      ],
      ways: {
        'ended on the FIN': {
          client: ['connect ok', 'send ok', 'read ok', 'pause ok', 'send EPIPE'],
          packets: { rst: 'none', fin: 'both' },
          kernel: { client: {}, balancer: {}, server: {}, reason: 'none' },
        },
      },
    },
    crossed: {
      title: 'The close of the load balancer crosses the request of the client',
      why: 'the request arrives at a socket that is closed already, and its FIN is still on the way: RST',
      needs: ['haproxy', 'nft'],
      // Before the client comes: nobody knows when a busy machine has the rule in force.
      ready: ({ balancer }) => balancer.dropsLeaving('FIN'),
      async fault({ client, balancer }) {
        await client.begins('pause');
        await balancer.hasClosed();
        await client.proceed();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ok', 'pause ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'balancer', answers: 'data' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          balancer: { OutRsts: 1, TCPAbortOnData: 1 },
          server: {},
          reason: { from: 'balancer', is: 'TCP_ABORT_ON_DATA' },
        },
      },
    },
  },
  cures: {
    validate: {
      of: 'closed',
      title: 'The client looks whether the connection is still open before it uses it again',
      why: 'end of file is there to be seen, so the request goes over a new connection',
      client: { program: 'ask-validated' },
      expect: {
        client: [
          'connect ok',
          'send ok',
          'read ok',
          'pause ok',
          'validate eof',
          'close ok',
          'connect ok',
          'send ok',
          'read ok',
          'close ok',
        ],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, balancer: {}, server: {}, reason: 'none' },
      },
    },
    order: {
      title: 'The client gives a connection up sooner than the load balancer does',
      why: 'who closes first cannot be surprised: client < load balancer < server is the order of idle timeouts',
      balancer: { idleMs: 60_000 },
      // Longer than 0 ms is any pause.
      client: { program: 'ask-validated', arguments: ['0'] },
      async fault({ client }) {
        await client.begins('pause');
        await client.proceed();
      },
      expect: {
        client: [
          'connect ok',
          'send ok',
          'read ok',
          'pause ok',
          'close ok',
          'connect ok',
          'send ok',
          'read ok',
          'close ok',
        ],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, balancer: {}, server: {}, reason: 'none' },
      },
    },
  },
});
