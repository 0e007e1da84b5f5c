import { PassThrough, Readable } from 'node:stream';
import { Capture } from '../engines/capture.ts';
import { connections } from '../evidence/connection.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Recorded } from '../recording.ts';
import { messageOf } from '../user-error.ts';
import { type Frames, recordOf, takenApart, together } from './frames.ts';

/** The mark that ends a capture, see `Capture.until`: what comes before it is whole. */
const MARK = 'end of the cell';

/** The cell's own capture, taken apart. */
export function framesOf({ cell, observed: { pcap } }: Recorded): Frames {
  if (pcap === null) throw new Error(`${cell.id} has no capture`);
  return takenApart(pcap);
}

/** The bytes that tcpdump would have written for some records, up to the mark. */
export function bytesOf({ header, records }: Frames, like: Frames): Buffer {
  const [first] = like.records;
  if (!first) throw new Error('an empty capture');
  return together({ header, records: [...records, recordOf(first, Buffer.from(MARK))] });
}

/** The same observation, had tcpdump written these bytes: they are read as those of an engine are. */
export async function reread(truth: Recorded, bytes: Uint8Array): Promise<Observation> {
  const { observation } = truth.observed;
  const { addresses, port, peer } = observation;
  const written = new PassThrough();
  const capture = new Capture(written, Readable.from([Buffer.from('listening on eth0\n')]));
  try {
    await capture.until(MARK, async () => {
      // Bit by bit, as tcpdump writes: what is wrong with a capture shows when more of it comes.
      for (let at = 0; at < bytes.length; at += 64) written.write(bytes.subarray(at, at + 64));
      // Without its mark a capture was cut off: tcpdump has ended.
      if (!Buffer.from(bytes).includes(MARK)) written.end();
    });
    const { linkType, records } = capture.take();
    const ends = { client: addresses.client, server: addresses.peer };
    const packets = connections(records, { ...ends, linkType, port, peer });
    return { ...observation, packets: { got: packets } };
  } catch (error) {
    return { ...observation, packets: { missing: messageOf(error), lost: true } };
  }
}
