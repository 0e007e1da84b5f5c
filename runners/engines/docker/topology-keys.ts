import { needsAdministrator } from '../../catalog/topology.ts';
import type { TopologySpec } from '../engine.ts';

/** Topologies whose first keys are equal are made alike; then any language can join their hosts. */
export function keysOf(spec: TopologySpec): [hosts: string, programs: string] {
  const { kind, languages, ip, sysctls, needs } = spec;
  const sorted = Object.entries(sysctls)
    .map(([host, values]) => [host, Object.entries(values).sort()])
    .sort();
  return [
    JSON.stringify([kind, ip, sorted, needsAdministrator(needs)]),
    JSON.stringify([languages.client?.runtime, languages.server?.runtime]),
  ];
}
