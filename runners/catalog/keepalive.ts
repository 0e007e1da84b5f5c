/**
 * Sysctls of a host whose TCP probes an idle connection each second (by default: after two hours), as
 * patiently as Linux can: on a busy machine a peer that comes back may need its time.
 */
export const KEEPALIVE_EACH_SECOND = {
  'net.ipv4.tcp_keepalive_time': 1,
  'net.ipv4.tcp_keepalive_intvl': 1,
  'net.ipv4.tcp_keepalive_probes': 127,
} as const;
