import test from 'ava';
import type { Need } from '../../runners/catalog/topology.ts';
import { cleanUp } from '../../runners/cell/clean-up.ts';

type Stage = Parameters<typeof cleanUp>[2];
type Topology = Parameters<typeof cleanUp>[1];

/** A line of /proc/net/tcp. */
const LISTENS =
  '0: 00000000:4E20 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1 0';
const WAITS = '1: 0112C6C6:4E20 0212C6C6:9C40 06 00000000:00000000 03:00001770 00000000 0 0 0 3 0';

/** What is run on two hosts when a cell is cleaned up. */
async function cleaned(
  needs: readonly Need[],
  hosts: readonly { readonly rules: boolean; readonly sockets: readonly string[] }[],
): Promise<string[][]> {
  const runs = hosts.map((): string[] => []);
  const administrators = hosts.map(({ rules, sockets }, place) => ({
    administrator: {
      hasRun: (command: string) => rules && command === 'nft',
      ask: async () => ({ lines: sockets, status: 0 }),
      run: async (command: string) => {
        runs[place]?.push(command);
        return [];
      },
    },
  }));
  const topology = { hosts: Object.fromEntries(administrators.entries()) } as unknown as Topology;
  const stage = { hosts: {}, programs: [] } as unknown as Stage;
  await cleanUp({ lab: { needs } } as unknown as Parameters<typeof cleanUp>[0], topology, stage);
  return runs;
}

test('rules are taken away where some were made, and connections are ended where there are some', async (t) => {
  const hosts = [
    { rules: true, sockets: [LISTENS] },
    { rules: false, sockets: [LISTENS, WAITS] },
    { rules: true, sockets: [WAITS] },
    { rules: false, sockets: [] },
  ];
  t.deepEqual(await cleaned(['nft'], hosts), [['nft'], ['ss'], ['nft', 'ss'], []]);
  t.deepEqual(await cleaned(['ss'], hosts), [[], ['ss'], ['ss'], []]);
});

test('on hosts without an administrator nothing is run', async (t) => {
  t.deepEqual(await cleaned([], [{ rules: true, sockets: [WAITS] }]), [[]]);
});
