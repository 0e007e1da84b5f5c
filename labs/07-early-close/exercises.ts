import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  'read-to-the-end': {
    task: 'The server says the same to everybody, and closes with the request unread. Let the client read the reply and then the end of file, with no RST.',
    changes: 'server',
    client: { program: 'ask-all' },
    // Stopped, so that the request has come before it answers.
    async ready({ server }) {
      await server.settles();
      await server.kill('SIGSTOP');
    },
    async fault({ client, server }) {
      await client.begins('read');
      await client.isAnswered();
      await server.resume();
    },
    serves: { after: 'goes on' },
    fails: ['read ECONNRESET'],
    hints: [
      'A close with bytes unread says "your data is lost", and that is a RST, whatever was sent before it. Read, even if you do not care what they ask.',
      'Read the request before you close. To be safe from what comes later: send the reply, shut down your own direction (SHUT_WR; in Node: `end`), read to the end of file, close.',
    ],
    explains:
      'This is why a web server that refuses an upload by an early "413 too large" is often seen as a reset connection: the client never reads the reply. Servers therefore go on reading for a while ("lingering close").',
  },
});
