import type { Lab, Story } from '../../runners/catalog/lab.ts';

/**
 * What a fault does; all else in it waits. `release` and `proceed` count as deeds only where a lab says so:
 * elsewhere they only let the story go on.
 */
const DEEDS = new Set([
  'kill',
  'reboots',
  'rejects',
  'drops',
  'forgesReset',
  'killsSocket',
  'runsOutOfMemory',
  'dropsArriving',
  'dropsLeaving',
  'takesPlaceInQueue',
]);

/** How a lab's fault is broken: its deeds are left out, and what the lab needs beside that is changed. */
export type Break = {
  /** Deeds of this lab beside the usual ones. */
  readonly deeds?: readonly string[];
  /** For labs whose fault is not in their `fault`. */
  readonly story?: Partial<Story>;
};

/** The plain stories of a lab without its fault, in the variant's or the lab's own way. */
export function sabotaged(lab: Lab, breaks: Readonly<Record<string, Break>>): Lab {
  const { cures: _, variants, ...common } = lab;
  if (variants === undefined) return { ...common, ...without(common, breaks[''] ?? {}) };
  return {
    ...common,
    variants: Object.fromEntries(
      Object.entries(variants).map(([name, own]) => {
        const story = { ...common, ...own };
        return [name, { ...own, ...without(story, breaks[name] ?? {}) }];
      }),
    ),
  };
}

function without({ fault }: Partial<Story>, { deeds = [], story = {} }: Break): Partial<Story> {
  const idle = new Set([...DEEDS, ...deeds]);
  return { ...(fault && { fault: (stage) => fault(idly(stage, idle)) }), ...story };
}

/** The stage, on which deeds do nothing. */
function idly<T extends object>(thing: T, deeds: ReadonlySet<string>): T {
  return new Proxy(thing, {
    get(target, key) {
      if (deeds.has(String(key))) return async () => {};
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value === 'function') return value.bind(target);
      const isOnStage = ['client', 'server', 'router', 'balancer', 'host', 'hosts'].includes(
        String(key),
      );
      return isOnStage && typeof value === 'object' && value !== null ? idly(value, deeds) : value;
    },
  });
}
