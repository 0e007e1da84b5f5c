import type { Readable } from 'node:stream';
import { within } from '../deadline.ts';
import { PcapReader, type PcapRecord } from '../evidence/pcap.ts';
import { isKnownLink } from '../evidence/segment.ts';
import { messageOf } from '../user-error.ts';

/** tcpdump's command; the filter leaves TCP and the marks (see `Capture.until`). */
export const CAPTURE_COMMAND: readonly string[] = [
  ...['tcpdump', '-i', 'eth0', '-n', '-U', '--immediate-mode', '-s', '256', '-w', '-'],
  'tcp or udp port 9',
];

/** What host.sh says where the end of the packets cannot be seen. */
const ENDED = 'tcpdump has ended\n';

/**
 * So many segments of a cell are kept: labs make some ten, and a program that floods its link must not fill the memory.
 * It is less than the buffer of tcpdump takes: so it is also noticed where the kernel drops most of a flood.
 */
const MOST_RECORDS = 2_000;

/** More segments came than are kept, so that nobody knows what the others would have shown. */
export class FloodError extends Error {
  constructor() {
    super(`the link has carried more than ${MOST_RECORDS} segments`);
  }
}

/** The packets of one topology's link, as tcpdump writes them to its standard output. */
export class Capture {
  readonly #reader = new PcapReader();
  #records: PcapRecord[] = [];
  #left = 0;
  #marks = new Map<string, () => void>();
  #lost: Error | undefined;
  #lose: (error: Error) => void = () => {};
  readonly #losing: Promise<never>;
  readonly #begun: Promise<void>;
  #listening: Promise<void> | undefined;

  constructor(packets: Readable, messages: Readable) {
    this.#losing = new Promise<never>((_, reject) => {
      this.#lose = (error) => {
        this.#lost ??= error;
        reject(error);
      };
    });
    this.#losing.catch(() => {});
    let said = '';
    this.#begun = new Promise<void>((resolve) => {
      messages.on('data', (chunk: Uint8Array) => {
        said = `${said}${Buffer.from(chunk).toString()}`.slice(-500);
        if (said.includes('listening on')) resolve();
        if (said.includes(ENDED)) gone();
      });
    });
    packets.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    const gone = () => {
      const why = said.replace(ENDED, '').trim();
      this.#lose(new Error(`the capture has ended: ${why || 'no message'}`));
    };
    packets.on('end', gone);
    packets.on('error', gone);
    messages.on('error', gone);
  }

  /**
   * Waits until packets are being captured. The time that this may take begins when it is asked for first: tcpdump
   * may have to be started before, by an engine that takes as long as it does. Who asks again waits no second time.
   *
   * @throws DeadlineError where it does not begin
   * @throws Error where the capture has ended
   */
  untilListening(): Promise<void> {
    this.#listening ??= within('the capture (tcpdump says "listening on")', this.#or(this.#begun));
    return this.#listening;
  }

  /**
   * Waits until a mark has been captured. A mark is a UDP datagram to port 9 (discard, RFC 863) whose
   * payload is the mark's text: packets are captured in order, so all before it are there too.
   *
   * @param send sends the mark
   */
  async until(mark: string, send: () => Promise<unknown>): Promise<void> {
    const seen = new Promise<void>((resolve) => this.#marks.set(mark, resolve));
    await Promise.all([within('the mark in the capture', this.#or(seen)), send()]);
    this.#marks.delete(mark);
  }

  /** What was captured since the last `take`, without taking it. */
  get records(): readonly PcapRecord[] {
    return this.#records;
  }

  get linkType(): number | undefined {
    return this.#reader.linkType;
  }

  /**
   * Hands out what was captured since the last call.
   *
   * @throws FloodError where there were too many segments to keep
   * @throws Error where there is nothing that can be read
   */
  take(): { header: Uint8Array; linkType: number; records: PcapRecord[] } {
    if (this.#lost) throw this.#lost;
    const { header, linkType } = this.#reader;
    if (header === undefined || linkType === undefined) throw new Error('the capture is empty');
    if (!isKnownLink(linkType)) {
      throw new Error(`the capture cannot be read: link type ${linkType} is not known`);
    }
    const [records, left] = [this.#records, this.#left];
    [this.#records, this.#left] = [[], 0];
    if (left > 0) throw new FloodError();
    return { header, linkType, records };
  }

  #or<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([this.#losing, promise]);
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const record of this.#reader.push(chunk)) {
        if (this.#records.length < MOST_RECORDS) this.#records.push(record);
        else this.#left += 1;
        if (this.#marks.size === 0) continue;
        const text = Buffer.from(record.bytes).toString('latin1');
        for (const [mark, seen] of this.#marks) if (text.endsWith(mark)) seen();
      }
    } catch (error) {
      this.#lose(new Error(`the capture cannot be read: ${messageOf(error)}`));
    }
  }
}
