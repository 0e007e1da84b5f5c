import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { type Cell, PORTS, plan } from '../plan.ts';

/**
 * The cells from which mutants are judged: each story with all clients and the usual server, and with each
 * other server of which it states a difference.
 */
export function cellsOf(
  labs: readonly NamedLab[],
  languages: readonly NamedLanguage[],
  repeat: number,
): Cell[] {
  const usual = 'python';
  let firstPort: number = PORTS.first;
  return labs.flatMap((lab) => {
    const named = [usual, ...(lab.differs ?? []).flatMap(({ server }) => server ?? [])];
    const cells = plan({
      ...{ labs: [lab], clients: languages, engine: 'local', ip: 4, repeat, firstPort },
      servers: languages.filter(({ name }) => named.includes(name)),
    });
    firstPort += cells.length;
    return cells;
  });
}
