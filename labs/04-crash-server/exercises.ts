import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  retry: {
    task: 'The server is killed with your request unread, and started again at once. Let your client get its reply all the same.',
    changes: 'client',
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
  graceful: {
    task: 'The server is told to end (SIGTERM, as each deployment does) while it is busy and your request lies unread. Let it finish what has begun, and then end by itself.',
    changes: 'server',
    client: { program: 'ask' },
    async fault({ client, server }) {
      await client.blocks('read');
      await server.settles();
      // A reply that has come by now would be none under the fault.
      await client.blocks('read');
      await server.kill('SIGTERM');
      // Who handles the signal has done so when it sleeps again.
      if (await server.settlesOrEnds()) await server.proceed();
    },
    serves: { after: 'ends' },
    fails: ['read ECONNRESET'],
    hints: [
      'Without a handler SIGTERM ends a program at once, wherever it is. With one it is a message: no new work, finish the old.',
      'Handle SIGTERM: close the listening socket, so that nobody new comes; let the loop serve the client that is there, and end where it would accept the next one.',
    ],
    explains:
      'Who deploys sends SIGTERM, waits (ten seconds in Docker, thirty in Kubernetes), and then kills. A server that uses this time resets nobody; one that ignores it is killed with its requests unread.',
  },
});
