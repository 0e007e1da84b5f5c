import { until } from '../../../runners/deadline.ts';
import type { Program } from '../../../runners/engines/agent/program.ts';
import type { Host, Topology } from '../../../runners/engines/engine.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { type Datagram, decodeFrame, type TcpSegment } from '../../../runners/evidence/segment.ts';
import { parseSockets, type Socket } from '../../../runners/evidence/sockets.ts';

export const PORT = 5000;

/** Accepts connections and answers each line with itself. */
export const ECHO = [
  'import os, socket',
  `s = socket.create_server(("", ${PORT}), family=socket.AF_INET6, dualstack_ipv6=True)`,
  'os.write(3, b"listens\\n")',
  'while True:\n c, a = s.accept()\n for line in c.makefile("rb"): c.sendall(line)',
];
/** Sends `first`, then each line that it is told, and tells what comes back. */
export const TALK = [
  'exec 4<>"/dev/tcp/$0/$1" && echo first >&4',
  'while read -r -u 4 answer && echo "got $answer" >&3 && read -r more; do echo "$more" >&4; done',
  'echo over >&3',
].join('; ');

export function python(agent: Host['agent'], name: string, lines: readonly string[]): Program {
  const text = JSON.stringify(lines.join('\n'));
  return agent.start(name, '/', ['python3', '-c', `exec(${text})`]);
}

/** Waits until a program has told this. */
export async function tells(program: Program, line: string): Promise<void> {
  await until(
    `"${line}" of ${program.name}`,
    async () => (program.lines.includes(line) ? true : undefined),
    { instead: async () => JSON.stringify([program.lines, await program.output()]) },
  );
}

/** Docker's name server listens in every container, too. */
export const isListening = ({ state, localPort }: Socket) =>
  state === 'LISTEN' && localPort === PORT;

/** All that was captured since the last call, with the mark at its end. */
export async function captured({ hosts, capture }: Topology, mark: string): Promise<Datagram[]> {
  if (isUnavailable(capture)) throw new Error(capture.unavailable);
  const { address } = hosts.balancer ?? hosts.server;
  await capture.until(mark, () => hosts.client.agent.ask('mark', address, mark));
  const { linkType, records } = capture.take();
  return records.flatMap(({ bytes }) => decodeFrame(linkType, bytes) ?? []);
}

export async function segments(topology: Topology, mark: string): Promise<TcpSegment[]> {
  const all = await captured(topology, mark);
  return all.flatMap((datagram) => (datagram.protocol === 'tcp' ? datagram : []));
}

/** Lets a server and, where the topology has one, HAProxy listen; returns the address to connect to. */
export async function serve({ hosts }: Topology): Promise<string> {
  const server = python(hosts.server.programs, 'echo', ECHO);
  await tells(server, 'listens');
  if (!hosts.balancer) return hosts.server.address;
  const configuration = [
    'defaults',
    ' mode tcp',
    ' timeout connect 9s',
    ' timeout client 9s',
    ' timeout server 9s',
    'listen l',
    ` bind :::${PORT} v4v6`,
    ` server s ${hosts.server.address}:${PORT}`,
    '',
  ].join('\\n');
  const start = 'exec haproxy -db -q -f <(printf %b "$0")';
  const haproxy = hosts.balancer.agent.start('haproxy', '/', ['bash', '-c', start, configuration]);
  await until(
    'HAProxy listens',
    async () => {
      const { lines } = await (hosts.balancer as Host).agent.ask('sockets');
      return parseSockets(lines).some(isListening) || undefined;
    },
    { instead: async () => JSON.stringify([haproxy.status, await haproxy.output()]) },
  );
  return hosts.balancer.address;
}

export function talk(host: Host, address: string, port = PORT): Program {
  // As an example program would be; a balancer has none.
  const agent = host.name === 'client' ? host.programs : host.agent;
  return agent.start('talk', '/', ['bash', '-c', TALK, address, String(port)]);
}

/** What becomes of connections to these addresses, in the words of the host's system. */
export async function attempts(host: Host, addresses: readonly string[]): Promise<string[]> {
  const connect = 'for a; do { timeout 10 bash -c "echo >/dev/tcp/$a/22"; } 2>&1 & done; wait';
  const said = await host.agent.run('bash', '-c', connect, '-', ...addresses);
  return said.filter((line) => line.includes('/22: '));
}
