import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  graceful: {
    task: 'The server answers the first line of the client and closes, but the client has two more to say. Let your server answer, and be there until the client has finished.',
    changes: 'server',
    client: {
      program: 'ask-twice',
      arguments: ['Hello Server!', 'Are you still there?', 'Hello?'],
    },
    async fault({ client, server }) {
      await client.begins('pause');
      await client.isAnswered();
      await server.settles();
      await client.settles();
      await client.proceed();
      if (await client.beginsOrEnds('pause', 2)) {
        await client.isAnswered();
        await client.proceed();
      }
    },
    serves: { after: 'goes on' },
    fails: ['send EPIPE'],
    hints: [
      'Close ends both directions: what the client says after it meets no socket, and is answered by a RST. Yours is the one that has nothing more to say, not the client.',
      'After the reply shut down your own direction only (SHUT_WR; in Node: `end`) if you want the client to know; read on, throw away what comes, and close at the end of file.',
    ],
    explains:
      'A connection has two directions, and each side ends its own. In production set a limit for how long you read on: a client that never closes must not hold a socket for ever.',
  },
});
