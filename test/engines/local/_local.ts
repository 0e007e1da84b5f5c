import type { ExecutionContext } from 'ava';
import type { NamedLanguage } from '../../../runners/catalog/language.ts';
import { until } from '../../../runners/deadline.ts';
import type { Program } from '../../../runners/engines/agent/program.ts';
import type { Engine, Host, Topology, TopologySpec } from '../../../runners/engines/engine.ts';
import { openLocalEngine } from '../../../runners/engines/local/local-engine.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { decodeFrame, type TcpSegment } from '../../../runners/evidence/segment.ts';

export const PORT = 5000;

/** Programs are bare commands here: any language will do. */
const language = { name: 'none' } as NamedLanguage;

export function specOf(spec: Partial<TopologySpec>): TopologySpec {
  const languages = { client: language, server: language };
  return { kind: 'direct', languages, ip: 4, sysctls: {}, needs: [], ...spec };
}

/** An engine that the test's end closes. */
export async function engineFor(t: ExecutionContext): Promise<Engine> {
  const runId = `test-${process.pid}`;
  const engine = await openLocalEngine({ runId, capture: true, progress: () => {} });
  t.teardown(() => engine.close());
  return engine;
}

export async function topologyFor(
  t: ExecutionContext,
  spec: Partial<TopologySpec>,
): Promise<Topology> {
  const topology = await (await engineFor(t)).make(specOf(spec));
  if (isUnavailable(topology.capture)) throw new Error(topology.capture.unavailable);
  await topology.capture.untilListening();
  return topology;
}

/** Runs a script for Node.js on a host; what it says with `say` are the program's lines. */
export function node(host: Host, name: string, script: string): Program {
  const say = "const say = (text) => require('node:fs').writeSync(3, text + '\\n');";
  return host.agent.start(name, '/', [
    process.execPath,
    '-e',
    `${say} ${script}`.replace(/\s+/g, ' '),
  ]);
}

/** Waits until a program has said a line. */
export function says(program: Program, line: string): Promise<boolean> {
  return until(
    `"${line}" of ${program.name}`,
    async () => program.lines.includes(line) || undefined,
    { instead: async () => JSON.stringify([program.lines, await program.output()]) },
  );
}

/** A server that greets whoever comes, and sends back what it reads. */
export async function listen(host: Host): Promise<Program> {
  const script = `require('node:net').createServer((socket) => {
    socket.write('welcome'); socket.pipe(socket); socket.on('error', () => {});
  }).listen(${PORT}, '${host.address}', () => say('listens'));
  process.stdin.on('end', () => process.exit()).resume();`;
  const server = node(host, 'server', script);
  await says(server, 'listens');
  return server;
}

/** A client that writes what it is told, and says what it reads and how its connection ends. */
export async function connect(host: Host, address: string): Promise<Program> {
  const script = `const socket = require('node:net').connect(${PORT}, '${address}');
    socket.on('data', (data) => say('read ' + data)); socket.on('end', () => say('end'));
    socket.on('error', (error) => { say(error.code); process.exit(); });
    process.stdin.on('data', (line) => socket.write(String(line).trim()));`;
  const client = node(host, 'client', script);
  await says(client, 'read welcome');
  return client;
}

/** The TCP segments that have passed the client's end of its link since the last call. */
export async function segments({ hosts, capture }: Topology): Promise<TcpSegment[]> {
  if (isUnavailable(capture)) throw new Error(capture.unavailable);
  const mark = `mark ${++marks}`;
  const { address } = hosts.balancer ?? hosts.server;
  await capture.until(mark, async () => {
    const { status, lines } = await hosts.client.agent.ask('mark', address, mark);
    if (status !== 0) throw new Error(lines.join(' '));
  });
  const { linkType, records } = capture.take();
  return records.flatMap(({ bytes }) => {
    const segment = decodeFrame(linkType, bytes);
    return segment?.protocol === 'tcp' ? segment : [];
  });
}
let marks = 0;

/** The TCP sockets of a host, by its administrator's `ss`. */
export async function sockets(host: Host): Promise<string[]> {
  const lines = await host.agent.run('ss', '--no-header', '--tcp', '--all', '--numeric');
  return lines.filter((line) => line !== '');
}
