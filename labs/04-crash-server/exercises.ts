import { exercises } from '../../runners/workshop/lesson.ts';

export default exercises({
  retry: {
    task: 'The server is killed with your request unread, and started again at once. Let your client get its reply all the same.',
    starter: 'ask',
    async fault({ client, server }) {
      await server.begins('wait');
      await server.hasUnread();
      // Stopped, so that it asks again only when the server is back.
      await client.kill('SIGSTOP');
      await server.kill('SIGKILL');
      await server.startsAgain({ behaviour: 'reply' });
      await client.resume();
    },
    survives: { replies: 1, connections: 10 },
    fails: ['read ECONNRESET'],
    hints: [
      'The connection is lost, and nothing can be done for it. The request is not: a new connection can carry it.',
      'Put connect, send and read into a function, and call it again when it fails: a few times at most, with a short random wait before each further try.',
    ],
    explains:
      'Asking again is right for a request that may be done twice. One that must not, a payment say, needs a name by which the server can tell that it was done already; see the cure not-twice.',
  },
});
