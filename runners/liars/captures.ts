import type { PcapRecord } from '../evidence/pcap.ts';
import type { Recorded } from '../recording.ts';
import {
  cutTo,
  FLAGS,
  type Forgery,
  forged,
  isFrom,
  placeOf,
  segmentOf,
  together,
} from './frames.ts';
import type { Lie, Others } from './lie.ts';
import { bytesOf, framesOf, reread } from './reread.ts';

type CaptureLie = Omit<Extract<Lie, { tamper: unknown }>, 'of' | 'story' | 'verdict' | 'caughtBy'> &
  Partial<Pick<Lie, 'story' | 'verdict' | 'caughtBy'>>;

type Tamper = Extract<Lie, { tamper: unknown }>['tamper'];
type Change = (records: readonly PcapRecord[], truth: Recorded, others: Others) => PcapRecord[];

/** With other records, which end with the mark. */
function records(change: Change): Tamper {
  return async (truth, others) => {
    const frames = framesOf(truth);
    const changed = change(frames.records, truth, others);
    return await reread(truth, bytesOf({ ...frames, records: changed }, frames));
  };
}

/** With other bytes; `mark` is where the record of the mark begins. */
function bytes(change: (whole: Buffer, mark: number) => Uint8Array): Tamper {
  return async (truth) => {
    const frames = framesOf(truth);
    return await reread(truth, change(bytesOf(frames, frames), together(frames).length));
  };
}

/** With another first segment of a kind. */
function forging(flag: 'SYN' | 'FIN' | 'RST', forgery: Forgery | ((of: Place) => Forgery)): Tamper {
  return records((all) => {
    const place = placeOf(all, flag);
    const record = all[place] as PcapRecord;
    const how = typeof forgery === 'function' ? forgery({ record, all }) : forgery;
    return all.with(place, forged(record, how));
  });
}

type Place = { readonly record: PcapRecord; readonly all: readonly PcapRecord[] };

/** A second, in microseconds: more than the clocks of one machine can differ. */
const SECOND = 1_000_000;

/** The records of another cell, as if they were of this one. */
function inTheNameOf(truth: Recorded, other: Recorded): PcapRecord[] {
  const { addresses, port } = truth.observed.observation;
  return framesOf(other).records.map((record) =>
    forged(
      record,
      isFrom(record, 'client', other.cell.port)
        ? { from: addresses.client, to: addresses.peer, destination: port }
        : { from: addresses.peer, to: addresses.client, source: port },
    ),
  );
}

/** The same from another port of the client, so that they are a connection of their own. */
function besideOf(truth: Recorded, other: Recorded): PcapRecord[] {
  const { port } = truth.cell;
  const [first] = framesOf(truth).records;
  const taken = (first && segmentOf(first)?.source.port) ?? 0;
  return inTheNameOf(truth, other).map((record) =>
    forged(
      record,
      isFrom(record, 'client', port) ? { source: taken ^ 1 } : { destination: taken ^ 1 },
    ),
  );
}

const NO_SYN = /^packets: expected .*; observed no SYN of the client: no connection was tried$/;

const LIES: readonly CaptureLie[] = [
  {
    name: 'no capture',
    lie: 'tcpdump has written nothing at all',
    tamper: bytes(() => new Uint8Array()),
    verdict: 'unknown',
    says: /^the packets were lost: the capture has ended: /,
  },
  {
    name: 'an empty capture',
    lie: 'the capture is whole, and no packet is in it',
    tamper: records(() => []),
    says: NO_SYN,
  },
  {
    name: 'a capture that ends early',
    lie: 'the capture ends after a record, before the end of the cell',
    tamper: bytes((whole, mark) => whole.subarray(0, mark)),
    verdict: 'unknown',
    says: /^the packets were lost: the capture has ended: /,
  },
  {
    name: 'a capture cut in the header of a record',
    lie: 'the capture ends 8 bytes after the beginning of a record',
    tamper: bytes((whole, mark) => whole.subarray(0, mark + 8)),
    verdict: 'unknown',
    says: /^the packets were lost: the capture has ended: /,
  },
  {
    name: 'a capture cut in the middle of a record',
    lie: 'the capture ends within a frame',
    tamper: bytes((whole, mark) => whole.subarray(0, mark - 20)),
    verdict: 'unknown',
    says: /^the packets were lost: the capture has ended: /,
  },
  {
    name: 'a capture with a hole',
    lie: 'a byte in the middle of the capture was lost',
    // In the first frame: the header of the file has 24 bytes, that of a record 16.
    tamper: bytes((whole) => Buffer.concat([whole.subarray(0, 50), whole.subarray(51)])),
    verdict: 'unknown',
    says: /^the packets were lost: the capture cannot be read: record of \d+ bytes; /,
  },
  {
    name: 'no pcap',
    lie: 'what should be a capture is a text',
    tamper: bytes(() => Buffer.from('tcpdump: eth0: You do not have permission to capture')),
    verdict: 'unknown',
    says: /^the packets were lost: the capture cannot be read: not a pcap capture: /,
  },
  {
    name: 'a link that nobody knows',
    lie: 'the header names a link type that cannot be decoded',
    tamper: bytes((whole) => withLinkType(whole, 228)),
    verdict: 'unknown',
    says: /^the packets were lost: the capture cannot be read: link type 228 is not known$/,
  },
  {
    name: 'another link',
    lie: 'the header says Linux cooked capture, and the frames are of Ethernet',
    tamper: bytes((whole) => withLinkType(whole, 113)),
    says: NO_SYN,
  },
  {
    name: 'frames cut too short',
    lie: 'of each frame 30 bytes were captured, which is less than the headers',
    tamper: records((all) => all.map((record) => cutTo(record, 30))),
    says: NO_SYN,
  },
  {
    name: "another cell's capture",
    lie: "the capture is that of another cell, with another cell's port",
    tamper: (truth, { of }) => {
      const other = framesOf(of('hello'));
      return reread(truth, bytesOf(other, other));
    },
    says: NO_SYN,
  },
  {
    name: "another connection's packets",
    lie: 'the packets are those of a connection that ended well, with addresses and port of this one',
    tamper: records((_, truth, { of }) => inTheNameOf(truth, of('hello'))),
    says: /^packets: expected socket RST from server, no FIN; observed no RST, FIN from both$/,
  },
  {
    name: 'packets of a later run',
    lie: 'the packets are those of the same lab, from a run that came later',
    tamper: records((_, truth, { later }) => inTheNameOf(truth, later)),
    says: /^packets: expected the SYN,ACK before the end of connect; observed it after$/,
  },
  {
    name: 'packets of an earlier run',
    lie: 'the packets are those of the same lab, from a run that came before',
    tamper: async (truth, { later }) => {
      const frames = framesOf(later);
      return await reread(
        later,
        bytesOf({ ...frames, records: inTheNameOf(later, truth) }, frames),
      );
    },
    says: /^packets: expected the SYN after the beginning of connect; observed it before$/,
  },
  {
    name: 'packets of two connections',
    lie: 'among the packets are those of another connection to the same port',
    tamper: records((all, truth, { of }) => [...besideOf(truth, of('hello')), ...all]),
    says: /^packets: expected 1 connection of the client; observed 2$/,
  },
  {
    name: 'a RST before its connection',
    lie: 'the packets are mixed up: the RST is the first',
    tamper: records((all) => moved(all, placeOf(all, 'RST'), 0)),
    says: /^packets: expected a whole capture; observed a connection without the SYN of the client before it$/,
  },
  {
    name: 'a RST too early',
    lie: 'the packets are mixed up: the RST comes before the request that it acknowledges',
    tamper: records((all) => moved(all, placeOf(all, 'RST'), 2)),
    says: /^packets: expected a whole capture; observed an acknowledgement of what was not captured$/,
  },
  {
    name: 'FIN and RST in the wrong order',
    lie: 'the packets are mixed up: the RST comes before the FIN',
    story: 'closed-socket',
    tamper: records((all) => moved(all, placeOf(all, 'RST'), placeOf(all, 'FIN'))),
    says: /^packets: expected stateless RST from server in answer to data, FIN from server; observed .*, no FIN$/,
  },
  {
    name: 'a missing segment',
    lie: 'the request is missing in the capture',
    tamper: records((all) => all.filter((record) => (segmentOf(record)?.length ?? 0) === 0)),
    says: /^packets: expected a whole capture; observed an acknowledgement of what was not captured$/,
  },
  {
    name: 'a capture that begins late',
    lie: 'the SYN is missing in the capture',
    tamper: records((all) => all.slice(1)),
    says: NO_SYN,
  },
  {
    name: 'a RST that was taken out',
    lie: 'the RST is missing in the capture',
    tamper: records((all) => all.toSpliced(placeOf(all, 'RST'), 1)),
    says: /^packets: expected socket RST from server, no FIN; observed no RST, no FIN$/,
  },
  {
    name: 'a RST that was turned',
    lie: 'the RST bears the addresses of the other direction',
    tamper: forging('RST', { turned: true }),
    says: /^packets: expected socket RST from server, no FIN; observed socket RST from client, no FIN$/,
  },
  {
    name: 'a FIN that was put in',
    lie: 'a FIN of the server stands before the RST',
    tamper: records((all) => {
      const place = placeOf(all, 'RST');
      const fin = forged(all[place] as PcapRecord, { flags: FLAGS.FIN | FLAGS.ACK });
      return all.toSpliced(place, 0, fin);
    }),
    says: /^packets: expected socket RST from server, no FIN; observed socket RST from server, FIN from server$/,
  },
  {
    name: 'a RST from elsewhere',
    lie: 'the RST has another time to live than the segments of the server',
    tamper: forging('RST', { ttl: 63 }),
    says: /^packets: expected socket RST from server, no FIN; observed socket RST of a middlebox in the name of server, no FIN$/,
  },
  {
    name: 'a middlebox that hides',
    lie: "the firewall's RST has the time to live of the server's segments",
    story: 'firewall-reset',
    tamper: forging('RST', ({ record, all }) => {
      const { source } = segmentOf(record) ?? {};
      const real = all.find((other) => segmentOf(other)?.source.port === source?.port);
      return { ttl: (real && segmentOf(real)?.ttl) ?? 0 };
    }),
    says: /^packets: expected .*RST of a middlebox in the name of server.*; observed stateless RST from server/,
  },
  {
    name: 'a RST without a socket',
    lie: 'the RST is one that a kernel sends which has no usable socket',
    tamper: forging('RST', { flags: FLAGS.RST, ipId: 0, window: 0, ack: 0 }),
    says: /^packets: expected socket RST from server, no FIN; observed stateless RST from server, no FIN$/,
  },
  {
    name: 'a RST out of the window',
    lie: 'the sequence number of the RST is one that no TCP accepts',
    tamper: forging('RST', { seq: 1_000_000 }),
    says: /^packets: expected a RST with the sequence number that the client expects; observed none$/,
  },
  {
    name: 'an exception before the RST',
    lie: 'the RST came a second after the client had reported it',
    tamper: forging('RST', ({ record }) => ({ timeUs: record.timeUs + SECOND })),
    says: /^packets: expected the RST before the end of read; observed it after$/,
  },
  {
    name: 'an end of file before the FIN',
    lie: 'the FIN came a minute after the client had read it',
    story: 'closed-socket',
    tamper: forging('FIN', ({ record }) => ({ timeUs: record.timeUs + 60 * SECOND })),
    says: /^packets: expected the FIN before the end of read; observed it after$/,
  },
];

function withLinkType(whole: Buffer, linkType: number): Buffer {
  const copy = Buffer.from(whole);
  copy.writeUInt32LE(linkType, 20);
  return copy;
}

function moved(all: readonly PcapRecord[], from: number, to: number): PcapRecord[] {
  const record = all[from] as PcapRecord;
  return all.toSpliced(from, 1).toSpliced(to, 0, record);
}

/** Lies that a capture tells of a true cell. */
export const CAPTURE_LIES: readonly Lie[] = LIES.map((lie) => ({
  ...{ of: 'capture', story: 'abort', verdict: 'fail', caughtBy: ['packets'] },
  ...lie,
}));

/** What looks like a lie and is none: each must pass. */
export const CAPTURE_TRUTHS: readonly { readonly name: string; readonly tamper: Tamper }[] = [
  { name: 'the capture as it was', tamper: records((all) => [...all]) },
  {
    name: "another cell's packets beside the cell's own",
    tamper: records((all, _, { of }) => [...framesOf(of('hello')).records, ...all]),
  },
  {
    name: 'a RST twice, as a retransmission brings it about',
    tamper: records((all) => [...all, all[placeOf(all, 'RST')] as PcapRecord]),
  },
];
