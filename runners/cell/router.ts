import type { Router, Tracking } from '../catalog/stage.ts';
import { until } from '../deadline.ts';
import { failureOf } from '../engines/agent/host-error.ts';
import { anyForwardRule, forwardRule, RULES } from './firewall.ts';
import type { CellHost } from './host-on-stage.ts';
import { connectionsOn } from './live-connections.ts';

/** What a router needs to know of its cell. */
export type RouterMeans = {
  readonly port: number;
  readonly ip: 4 | 6;
  readonly client: CellHost;
  readonly server: CellHost;
  /** Where forge-reset.py is on the router. */
  readonly forger: string;
  /** The client's port, and the sequence number which the client expects next of the server. */
  readonly expected: () => Promise<{ readonly clientPort: number; readonly sequence: number }>;
};

/** Far from the next expected byte, and inside of the smallest receive window that a client opens. */
const IN_WINDOW = 1000;

/** The firewall of topology `routed`, made of nftables and the kernel's connection tracking. */
export class CellRouter implements Router {
  readonly host: CellHost;
  readonly #means: RouterMeans;
  /** Known while the client has its socket; its entry in the router's table may stay longer. */
  #clientPort: number | undefined;

  constructor(host: CellHost, means: RouterMeans) {
    this.host = host;
    this.#means = means;
  }

  rejects(): Promise<void> {
    return this.#strikes('the router rejects the connection', () =>
      this.#nft(RULES.forward, forwardRule(this.#means.port, 'reject with tcp reset')),
    );
  }

  drops(): Promise<void> {
    return this.#strikes('the router drops the connection', () =>
      this.#nft(RULES.forward, forwardRule(this.#means.port, 'drop')),
    );
  }

  async tracksConnections({ invalid, replies = 'passed' }: Tracking): Promise<void> {
    const { port } = this.#means;
    const verdict = invalid === 'rejected' ? 'reject with tcp reset' : 'drop';
    await this.#nft(
      RULES.forward,
      forwardRule(port, verdict, 'ct state invalid '),
      ...(replies === 'dropped' ? [forwardRule(port, 'drop', 'ct state invalid ', 'sport')] : []),
      anyForwardRule('ct state new,established,related accept'),
    );
  }

  forgetsConnection(): Promise<void> {
    return this.#strikes('the router forgets the idle connection', () =>
      this.#knows('the end of the connection in the table of the router', false),
    );
  }

  forgetsWhatIsIdle(timeoutMs: number): Promise<void> {
    return this.#strikes('the idle timeout of the router passes', async () => {
      const began = performance.now();
      const state = 'the end of the connection in the table of the router, or of its idle timeout';
      await until(state, async () => {
        const isKnown = await this.#hasFlow();
        return !isKnown || performance.now() - began > timeoutMs || undefined;
      });
    });
  }

  hasConnection(): Promise<void> {
    return this.#knows('the connection in the table of the router', true);
  }

  forgesReset(sequence: 'exact' | 'in the window'): Promise<void> {
    return this.#strikes(`the router forges a RST, sequence number ${sequence}`, async () => {
      const { port, forger, client, server, expected } = this.#means;
      const next = await expected();
      const number = (next.sequence + (sequence === 'exact' ? 0 : IN_WINDOW)) >>> 0;
      const from = [server.host.address, String(port)];
      const to = [client.host.address, String(next.clientPort)];
      await this.host.host.administrator.run('python3', forger, ...from, ...to, String(number));
    });
  }

  /** A fault of the router meets the connection at the client's end. */
  #strikes(what: string, act: () => Promise<unknown>): Promise<void> {
    return this.#means.client.acts(what, act);
  }

  async #nft(...commands: readonly string[]): Promise<void> {
    await this.host.host.administrator.run('nft', commands.join('; '));
  }

  async #knows(state: string, isKnown: boolean): Promise<void> {
    await until(state, async () => (await this.#hasFlow()) === isKnown || undefined);
  }

  async #hasFlow(): Promise<boolean> {
    const { port, ip, client, server } = this.#means;
    // An entry is looked up by its addresses and ports; to list all walks the table, which may be large.
    this.#clientPort ??= (await connectionsOn(client.host, port))[0]?.localPort;
    const isListed = this.#clientPort === undefined;
    const { lines, status } = await this.host.host.administrator.ask(
      'run',
      ...['conntrack', ...(isListed ? ['-L', '-f', ip === 4 ? 'ipv4' : 'ipv6'] : ['-G'])],
      ...['-s', client.host.address, '-d', server.host.address, '-p', 'tcp'],
      ...['--dport', String(port), ...(isListed ? [] : ['--sport', String(this.#clientPort)])],
    );
    const text = lines.join(' ');
    if (status === 0) return text.includes(`dport=${port}`);
    // A command that fails otherwise does not say that there is no entry.
    if (text.includes("such conntrack doesn't exist")) return false;
    throw failureOf(status, `the router's connections cannot be seen (${status}): ${text}`);
  }
}
