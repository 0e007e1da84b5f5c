import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  keepalive: {
    task: 'The server works for some seconds, and the firewall forgets a connection that is idle for two. Let your client get the reply over the connection on which it has asked: the server does its work once only.',
    changes: 'client',
    starter: 'ask',
    prepare: ({ router }) => router.tracksConnections({ invalid: 'rejected', replies: 'dropped' }),
    async fault({ server, router }) {
      await server.begins('wait');
      // Longer than its timeout: by then it has forgotten, unless something has passed.
      await router.forgetsWhatIsIdle(3_000);
      await server.release();
    },
    survives: { replies: 1, connections: 1 },
    fails: ['read blocked'],
    hints: [
      'The firewall counts from the last segment that it has seen. A client that only waits sends none.',
      'Switch TCP keepalive on as soon as you are connected (SO_KEEPALIVE; this machine probes each second).',
    ],
    explains:
      'Each probe and its acknowledgement begin the time of the firewall anew. In production the probes must come more often than the shortest idle timeout on the way; the default of Linux is two hours.',
  },
});
