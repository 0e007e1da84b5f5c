/**
 * The subnets of our networks are taken from 198.19.0.0/16: reserved for tests of networks (RFC 2544), so
 * on nobody's route. Docker's own default pools run out near 31 networks.
 */
const POOL = parseCidr('198.19.0.0/16');
const PREFIX = 28;
const SIZE = 2 ** (32 - PREFIX);

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
