import type { CellResult } from '../results/result.ts';
import { askedFor } from './terminal/summary.ts';

/** The command that lets just this cell happen again, with the same versions if they were asked for. */
export function repeatCommand(
  cell: Pick<CellResult, 'lab' | 'variant' | 'cure' | 'client' | 'server' | 'ip' | 'engine'>,
): string {
  const { lab, variant, cure, client, server, ip, engine } = cell;
  const options = [
    `--client ${askedFor(client)}`,
    `--server ${askedFor(server)}`,
    // The name of a cure is enough: a lab has it once.
    ...(cure === null ? [] : ['--cured']),
    ...(cure === null && variant === null ? [] : [`--variant ${cure ?? variant}`]),
    ...(ip === 6 ? ['--ip 6'] : []),
    `--engine ${engine}`,
  ];
  return `npm run lab ${lab} -- ${options.join(' ')}`;
}
