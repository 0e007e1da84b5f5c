import type { HostOnStage } from '../../runners/catalog/stage.ts';

/**
 * The kernel lets the queue have one more than this. With a shorter one it would answer the SYN of whoever
 * takes a place by a SYN cookie, since a handshake is under way already (inet_csk_reqsk_queue_is_full). Any ACK
 * that comes when the socket has gone, the last one of a close say, then brings a connection to life that
 * nobody has (cookie_v4_check), and the server would wait for its bytes.
 */
export const SOMAXCONN = 2;

/** Takes all places of the server's listen queue. */
export async function fillQueue(host: HostOnStage): Promise<void> {
  for (let places = 0; places <= SOMAXCONN; places++) await host.takesPlaceInQueue();
}
