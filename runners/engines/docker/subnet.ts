/**
 * The subnets of our networks are taken from 198.19.0.0/16: reserved for tests of networks (RFC 2544), so
 * on nobody's route. Docker's own default pools run out near 31 networks.
 */
const POOL = parseCidr('198.19.0.0/16');
const PREFIX = 28;
const SIZE = 2 ** (32 - PREFIX);

/**
 * The same for IPv6, where a network has both: a prefix for local use (RFC 4193) whose global identifier is
 * "reset" in ASCII. The rest is the IPv4 address, so that what is free there is free here.
 */
const PREFIX_6 = 'fd72:6573:6574::';

/** The subnets of a network. */
export type Subnets = { readonly ipv4: string; readonly ipv6: string };

/** The addresses of one host on a network; `ipv6` where the network has it. */
export type Addresses = { readonly ipv4: string; readonly ipv6?: string };

type Range = { readonly first: number; readonly last: number };

/**
 * Chooses a subnet that overlaps with none of those taken; undefined where none is left.
 *
 * @param random where to begin, from 0 to below 1: runs at the same time should begin at different places
 */
export function chooseSubnet(taken: readonly string[], random = Math.random()): string | undefined {
  const ranges = taken.filter((cidr) => /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr)).map(parseCidr);
  const count = (POOL.last - POOL.first + 1) / SIZE;
  const begin = Math.floor(random * count);
  for (let tried = 0; tried < count; tried++) {
    const first = POOL.first + ((begin + tried) % count) * SIZE;
    const last = first + SIZE - 1;
    const free = ranges.every((range) => range.last < first || range.first > last);
    if (free) return `${address(first)}/${PREFIX}`;
  }
  return undefined;
}

/** Both subnets of a network, from the one that was chosen. */
export function subnetsOf(ipv4: string): Subnets {
  return { ipv4, ipv6: `${address6(parseCidr(ipv4).first)}/${128 - (32 - PREFIX)}` };
}

/**
 * The addresses of a network's hosts. The first of the subnet is its gateway's by Docker's custom.
 *
 * @param index from 0
 */
export function hostAddresses(subnet: string, index: number): Required<Addresses> {
  const number = parseCidr(subnet).first + 2 + index;
  return { ipv4: address(number), ipv6: address6(number) };
}

/** The addresses that Docker gives a bridge, or would: nobody else has them. */
export function gatewayAddresses(subnet: string): Required<Addresses> {
  return hostAddresses(subnet, -1);
}

function parseCidr(cidr: string): Range {
  const [ip = '', prefix = '32'] = cidr.split('/');
  const number = ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(prefix));
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

function address(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

/** In the text form of RFC 5952. */
function address6(number: number): string {
  return `${PREFIX_6}${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
}
