import { exercises } from '../../runners/workshop/lessons/lesson.ts';
import { fillQueue } from './queue.ts';

export default exercises({
  retry: {
    task: 'The listen queue of the server is full for a moment, and the connection of your client is rejected after it was made. Let your client get its reply when the queue has room again.',
    changes: 'client',
    starter: 'ask',
    async fault({ client, server }) {
      await client.hasUnacknowledged();
      await fillQueue(server.host);
      // Stopped, so that it asks again only when there is room.
      await client.kill('SIGSTOP');
      await server.host.dropsNothing();
      await client.losesConnection();
      await server.resume();
      await server.host.leavesQueue();
      await client.resume();
    },
    survives: { replies: 1, connections: 10 },
    fails: ['read ECONNRESET'],
    hints: [
      'For the server your connection has never been: nothing of your request was done, so to ask again does no harm.',
      'Put connect, send and read into a function, and call it again when it fails: a few times at most, with a random wait that grows, so that not all rejected clients come back at once.',
    ],
    explains:
      'A full queue is a matter of moments, and each try that comes at once makes it longer: the wait must grow, and be random. Better still the server is not told to abort (net.ipv4.tcp_abort_on_overflow is 0 by default), and its queue has room for a burst.',
  },
});
