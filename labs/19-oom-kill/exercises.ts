import { exercises } from '../../runners/workshop/lessons/lesson.ts';

/** What a request may need at least, in MB: who does no work has nothing to shed. */
const WORK_MB = 32;

export default exercises({
  shed: {
    task: 'A request makes the server take more memory than its machine has, and the kernel kills it. Let your server give this work up within a budget of its own, tell the client, and live on.',
    changes: 'server',
    client: { program: 'ask' },
    async fault({ client, server }) {
      await client.blocks('read');
      await server.settles();
      // A reply that has come by now would be none under the fault.
      await client.blocks('read');
      const before = await server.peakMemory();
      await server.proceed();
      await client.finishes('read');
      await server.hasHad(before + WORK_MB);
    },
    serves: { after: 'goes on' },
    fails: ['read eof'],
    hints: [
      'The kernel kills without asking, and all clients lose their connections for the sake of one. Only your program knows which work is too dear: it must count.',
      'Give the work a budget, 64 MB say, and stop when it is used up; then answer a line (`Busy, try again later.`) in place of the result.',
    ],
    explains:
      'To shed load is to fail one request on purpose, in words, so that all others live. A budget for each request is worth little without a limit of how many are served at once.',
  },
});
