import { needsAdministrator } from '../../catalog/topology.ts';
import type { TopologySpec } from '../engine.ts';

/** Topologies of equal keys are made alike. */
export function keyOf({ kind, languages, ip, sysctls, needs }: TopologySpec): string {
  const sorted = Object.entries(sysctls)
    .map(([host, values]) => [host, Object.entries(values).sort()])
    .sort();
  const { client, server } = languages;
  return JSON.stringify([kind, client.id, server.id, ip, sorted, needsAdministrator(needs)]);
}
