import { isVersion } from '../catalog/language.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Cell } from '../plan.ts';

/** Why what was seen is no evidence of the versions that were asked for; undefined where it is. */
export function otherVersion(
  cell: Pick<Cell, 'client' | 'server'>,
  observation: Observation,
): string | undefined {
  for (const role of ['client', 'server'] as const) {
    const { id, title, version } = cell[role];
    const report = observation[role]?.report;
    if (version === null || report === undefined) continue;
    if (report.version === null) {
      // A client without one fails for it, and whoever reported nothing at all is no witness anyway.
      if (role === 'client' || report.steps.length === 0) continue;
      return `the ${role} did not report its version, and ${id} was asked for`;
    }
    if (!isVersion(version.name, report.version)) {
      return `the ${role} ran on ${title} ${report.version}, and ${id} was asked for`;
    }
  }
  return undefined;
}
