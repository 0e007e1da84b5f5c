import { exercises } from '../../runners/workshop/lessons/lesson.ts';

export default exercises({
  retry: {
    task: 'The machine of the server restarts while your client waits for the reply: no FIN, no RST, nothing comes. Let your client find out within seconds, and get its reply from the server that is back.',
    changes: 'client',
    starter: 'ask',
    async fault({ client, server }) {
      await server.begins('wait');
      // Nothing of the client must come while the host is away, or before the server listens.
      await client.host.dropsLeaving('all');
      await server.host.reboots();
      await server.startsAgain({ behaviour: 'reply' });
      await client.host.dropsNothing();
    },
    survives: { replies: 1, connections: 10 },
    fails: ['read blocked'],
    hints: [
      'A read that waits sends nothing, so it learns nothing. Something must be sent while it waits, or its patience must end.',
      'Switch TCP keepalive on (SO_KEEPALIVE; this machine probes after one second), or give the read a timeout; when it fails, ask again over a new connection.',
    ],
    explains:
      'With keepalive the new kernel answers the probe with a RST, since it knows no such connection. A timeout needs no answer at all, and finds a dead network, too; but it cannot tell a slow server from a dead one.',
  },
});
