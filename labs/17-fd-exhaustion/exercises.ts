import { exercises } from '../../runners/workshop/lessons/lesson.ts';

/** A reserve is small beside what the leak has taken. */
const MOST_LEFT = 32;

export default exercises({
  reserve: {
    task: 'A leak has taken all file descriptors of the server when a client comes. Let your server tell this client, and each that comes after it, that it is busy, and live on.',
    changes: 'server',
    client: { program: 'ask' },
    async fault({ client, server }) {
      await client.blocks('read');
      await server.settles();
      // A reply that has come by now would be none under the fault.
      await client.blocks('read');
      await server.proceed();
      await client.finishes('read');
      await server.hasDescriptorsLeft(MOST_LEFT);
    },
    serves: { after: 'goes on' },
    fails: ['read ECONNRESET'],
    hints: [
      'To accept needs a descriptor. One that you have kept for this moment can be given back when no other is left.',
      'Open `/dev/null` before the leak and keep it. When accept would fail, close it, accept, read the request, answer a line (`Busy, try again later.`), close the connection, and open your reserve again. Node accepts unasked, and closes at once those for whom it has no descriptor: there keep some, and close them as soon as the leak has happened.',
    ],
    explains:
      'A server at its limit should say so: a reply is an answer that a client, or a load balancer, can act on. What it must not do is end, since its end resets all who wait in the queue. And of course mend the leak, or raise the limit (`ulimit -n`).',
  },
});
