import type { TopologyName } from '../catalog/topology.ts';
import type { CellResult } from '../results/result.ts';
import type { Ends } from './ends.ts';

/** What stands for the server's port and for the first port of the client. */
export const PORT = { server: 5000, client: 40_000 } as const;

const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;

/** A cell whose texts are the same in every run: no addresses, no ports, no numbers of processes. */
export function normalised(cell: CellResult, ends: Ends, topology: TopologyName): CellResult {
  const text = (line: string) => named(line, ends, topology);
  return {
    ...cell,
    steps: cell.steps.map((step) =>
      step.error ? { ...step, error: { ...step.error, message: text(step.error.message) } } : step,
    ),
    outputs: cell.outputs.map((output) => ({
      ...output,
      out: output.out.map(text),
      err: output.err.map(text),
    })),
    looks: cell.looks.map((look) => ({
      ...look,
      command: named(look.command, ends, topology),
      lines: lookLines(look, ends, topology),
    })),
  };
}

/** Writes hosts for addresses, and 5000 and 40000 for the ports of server and client. */
export function named(line: string, ends: Ends, topology: TopologyName): string {
  const peer = topology === 'proxied' ? 'balancer' : 'server';
  const hosts = new Map([
    [ends.client, 'client'],
    [ends.peer, peer],
    ['0.0.0.0', '0.0.0.0'],
    ['127.0.0.1', '127.0.0.1'],
  ]);
  const other = (rest: string) => {
    if (topology === 'routed') return 'router';
    return rest.startsWith(`:${ends.port}`) ? 'server' : 'balancer';
  };
  const ports = new Map<number, number>([
    ...ends.clientPorts.map((port, index) => [port, PORT.client + index] as const),
    [ends.port, PORT.server],
  ]);
  return line
    .replaceAll(/\[::ffff:([\d.]+)\]/g, '$1')
    .replaceAll(
      IPV4,
      (address, at: number, whole: string) =>
        hosts.get(address) ?? other(whole.slice(at + address.length)),
    )
    .replaceAll(/(?<![\d.])\d{4,5}(?!\d)/g, (digits) => String(ports.get(Number(digits)) ?? digits))
    .replaceAll(/\b(client|server|balancer|router):(\d{5})\b/g, (whole, host, port) =>
      Number(port) >= PORT.client && Number(port) < PORT.client + ends.clientPorts.length
        ? whole
        : `${host}:50000`,
    )
    .replaceAll(/\(_ssl\.c:\d+\)/g, '(_ssl.c:…)')
    .replaceAll(/\bpid=\d+/g, 'pid=…')
    .replaceAll(/\bfd([=:])\d+/g, 'fd$1…');
}

/** What a look showed, without what other cells have left on the host. */
export function lookLines(
  { command, lines }: Pick<CellResult['looks'][number], 'command' | 'lines'>,
  ends: Ends,
  topology: TopologyName,
): string[] {
  const isOurs = (line: string) => new RegExp(`(?<!\\d)${ends.port}(?!\\d)`).test(line);
  const program = /^\s*(?:sudo )?(\S+)/.exec(command)?.[1];
  const text = (line: string) => named(line, ends, topology).trimEnd();
  if (program === 'ss') {
    const shown = lines.filter(
      (line, index) => isOurs(line) || (index === 0 && /^State|^Recv/.test(line)),
    );
    const processes = shown.some((line) => line.includes('users:'));
    return columns(
      shown.map((line) => timers(text(line)).replace(/\s*Process$/, processes ? '  Process' : '')),
    );
  }
  if (program === 'conntrack') return lines.filter(isOurs).map((line) => flow(text(line)));
  if (program === 'dmesg') return lines.map((line) => kernelLog(text(line)));
  return lines.map(text);
}

/** The times of `ss -o`. */
function timers(line: string): string {
  return line.replaceAll(/timer:\((\w+),[^)]*\)/g, 'timer:($1,…)');
}

/** Seconds that are left to a flow, and its counts. */
function flow(line: string): string {
  return line
    .replace(/^(\w+\s+\d+\s+)\d+/, '$1…')
    .replaceAll(/\b(packets|bytes|use|id)=\d+/g, '$1=…')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function kernelLog(line: string): string {
  return line
    .replace(/^\[[^\]]*\]\s*/, '')
    .replaceAll(/\b(?<!\()\d+(?:kB)?\b/g, (number) => (number.endsWith('kB') ? '…kB' : '…'));
}

/** Columns as wide as what stands in them: the width of addresses must not show. */
function columns(lines: readonly string[]): string[] {
  // Their headings have spaces.
  const whole = (line: string) => line.replaceAll(/(Local|Peer) (Address:Port)/g, '$1\u00a0$2');
  const rows = lines.map((line) => whole(line).trim().split(/ +/));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .replaceAll('\u00a0', ' ')
      .trimEnd(),
  );
}
