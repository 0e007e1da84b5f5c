import type { Segments } from '../catalog/stage.ts';

/** All rules of a lab stand in a table of their own; Docker has its own in the same namespaces. */
const TABLE = 'inet reset_labs';

export type Hook = 'input' | 'output' | 'forward';

/** Makes the chain of a hook; does nothing where it is there. */
export const RULES: Readonly<Record<Hook, string>> = {
  input: chain('input'),
  output: chain('output'),
  forward: chain('forward'),
};

/** Removes all rules; does nothing where there are none. */
export const NO_RULES = `add table ${TABLE}; delete table ${TABLE}`;

const MATCH: Readonly<Record<Segments, string>> = {
  all: '',
  FIN: 'tcp flags & fin == fin ',
  'ACK without SYN': 'tcp flags & (syn | ack) == ack ',
};

/** A rule that drops segments of the connections to a server's port. */
export function dropRule(what: {
  readonly hook: 'input' | 'output';
  readonly segments: Segments;
  /** The side on whose host the rule stands. */
  readonly side: 'client' | 'server';
  readonly port: number;
}): string {
  const { hook, segments, side, port } = what;
  const toServer = (hook === 'input') === (side === 'server');
  // Not what comes from the host itself.
  const link = hook === 'input' ? 'iifname eth0 ' : '';
  const match = `${link}tcp ${toServer ? 'dport' : 'sport'} ${port} ${MATCH[segments]}`;
  return `add rule ${TABLE} ${hook} ${match}drop`;
}

/** A rule of a router for what goes to a server's port, or comes from it. */
export function forwardRule(
  port: number,
  verdict: string,
  match = '',
  direction: 'dport' | 'sport' = 'dport',
): string {
  return `add rule ${TABLE} forward tcp ${direction} ${port} ${match}${verdict}`;
}

/** Any rule of a router. */
export function anyForwardRule(rule: string): string {
  return `add rule ${TABLE} forward ${rule}`;
}

function chain(hook: Hook): string {
  const type = `{ type filter hook ${hook} priority 0 ; }`;
  return `add table ${TABLE}; add chain ${TABLE} ${hook} ${type}`;
}
