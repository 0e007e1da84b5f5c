import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  heartbeat: {
    task: 'The network swallows all that your client sends, then the server restarts and the network is whole again. Let your client notice within seconds, and get its reply over another connection.',
    changes: 'client',
    starter: 'ask-keepalive',
    async fault({ client, server }) {
      await server.begins('wait');
      await client.host.dropsLeaving('all');
      await client.givesUp();
      await server.host.reboots();
      await server.startsAgain({ behaviour: 'reply' });
      await client.host.dropsNothing();
    },
    survives: { replies: 1, connections: 20 },
    fails: ['read ETIMEDOUT'],
    hints: [
      'Keepalive finds it out, but the error ends your client. It also takes as long as the system says.',
      'Give the read a timeout of about a second, close the connection when it ends without a reply, and ask again over a new one, with patience for connect, too.',
    ],
    explains:
      'How long silence may last is known to the application only. A heartbeat or a timeout of its own is independent of what the system or a middlebox does with keepalive.',
  },
});
