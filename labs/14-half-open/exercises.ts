import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  heartbeat: {
    task: 'The server has forgotten the connection, and your client, which only waits, would wait for ever. No keepalive of the system helps here: let your client find out by itself within seconds, and get its reply.',
    changes: 'client',
    starter: 'ask',
    async fault({ client, server }) {
      await server.begins('wait');
      // Stopped, so that it asks again only when the server is back.
      await client.kill('SIGSTOP');
      await server.host.reboots();
      await server.startsAgain({ behaviour: 'reply' });
      await client.resume();
    },
    survives: { replies: 1, connections: 10 },
    fails: ['read blocked'],
    hints: [
      'Whoever sends a segment is answered by a RST: the new kernel knows no such connection. Who only reads never learns it.',
      'Give the read a timeout, or send a line while you wait (the server ignores nothing: better a timeout). Then ask again over a new connection.',
    ],
    explains:
      'A connection is half-open until one side sends. A limit for silence, or a heartbeat, turns an endless wait into an error that can be handled.',
  },
});
