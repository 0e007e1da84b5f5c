import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  validate: {
    task: 'Your client keeps its connection, and the load balancer closes it meanwhile. Let your client get both replies, each to its own request.',
    changes: 'client',
    starter: 'ask-pooled',
    async fault({ client, server, balancer }) {
      await server.finishes('send');
      await client.receivesFin();
      await balancer.hasLetGo();
      await client.settles();
      await client.proceed();
    },
    survives: { replies: 2, connections: 4 },
    fails: ['read eof', 'send EPIPE'],
    hints: [
      'What ended the connection has been lying in your receive queue since the pause. Who looks before writing sees it.',
      'Before the second request read without waiting (or with a tiny timeout): end of file means that the connection is closed, and a new one is needed. Or ask again over a new connection when the second request fails.',
    ],
    explains:
      'To look first is cheap, but leaves a gap: the FIN may come just after the look. So pools do both: they close what was idle for too long, and repeat what may be repeated.',
  },
});
