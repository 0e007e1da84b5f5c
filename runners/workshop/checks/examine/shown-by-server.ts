import type { Packet } from '../../../evidence/connection.ts';
import type { Counters } from '../../../evidence/counters.ts';
import type { Observation } from '../../../evidence/observation.ts';
import type { Serves } from '../../lessons/lesson.ts';
import { bytesReceived } from './replies.ts';

/**
 * What the run of a participant's server shows, in one or two sentences: the first hint. Undefined where nothing of
 * it can be told.
 */
export function shownByServer(observation: Observation, { after }: Serves): string | undefined {
  const { packets, counters, server, client, actions } = observation;
  if ('missing' in packets) return undefined;
  const ofServer = packets.got.filter(({ from }) => from !== 'client');
  const status = server?.exitStatus ?? null;
  if (!ofServer.some(({ flags }) => flags.includes('SYN'))) {
    return status === null
      ? 'Your server runs, but no client could connect to it: it does not listen on the port that it was given.'
      : `Your server ended with status ${status}, and no client could connect to it.`;
  }
  const reset = ofServer.find(({ flags }) => flags.includes('RST'));
  if (reset !== undefined) {
    const why = whyReset(reset, 'got' in counters ? counters.got.server : {});
    return `A RST went to the client: ${why}.`;
  }
  const missed = actions.find(({ what, touched }) => !what.startsWith('SIGSTOP') && touched === 0);
  if (missed !== undefined) {
    return `The fault (${missed.what}) met no connection: your server had ended it before.`;
  }
  const hasFin = ofServer.some(({ flags }) => flags.includes('FIN'));
  if (bytesReceived(packets.got) === 0) {
    if (status !== null) {
      return `Your server ended with status ${status} before it had sent a reply. It had read all that came, so the kernel closed its connection with a FIN.`;
    }
    return hasFin
      ? 'Your server closed the connection with a FIN, in good order, but has sent no reply.'
      : 'Your server has sent no reply, and the client still waits for one.';
  }
  if (client?.exitStatus === null) {
    return 'The reply has come, but the client still waits: it reads until the end of file, which is the FIN of your server.';
  }
  if (!hasFin) {
    return 'The client has its reply and has closed, but your server never closes: its socket stays in CLOSE-WAIT.';
  }
  if (after === 'ends' && status === null) {
    return 'The client has its reply, but SIGTERM has not ended your server: it would be killed at last.';
  }
  if (after === 'goes on' && status !== null) {
    return `The client has its reply, but your server ended with status ${status}: the next client finds nobody.`;
  }
  return undefined;
}

/** Source: tcp_close and inet_csk_listen_stop in the kernel, and the counters which each of them counts. */
function whyReset({ stateless }: Packet, counters: Counters): string {
  const { TCPAbortOnClose = 0, TCPAbortOnData = 0 } = counters;
  if (TCPAbortOnClose > 0) {
    return 'its socket was closed, by close or by the end of the program, while bytes of the client lay unread in the receive queue';
  }
  if (stateless) return 'what the client sent met a socket that your server had closed already';
  if (TCPAbortOnData > 0) {
    return 'SO_LINGER was 0 when the socket was closed, or data came for a socket that nobody reads any more';
  }
  return 'your server ended, or closed its listening socket, while the connection was in the listen queue, accepted by nobody';
}
