// Without its own fault no lab may pass: else it would prove nothing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { labFolders, loadLabs } from '../../runners/catalog/load.ts';
import { inProject } from '../../runners/paths.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { folderWith } from '../_folder.ts';
import { labJson, told } from '../_lab.ts';
import { engines } from './_engines.ts';

/** Breaks of labs whose fault is not (only) a deed of their `fault`; a lab's variants by their names. */
const BREAKS: Readonly<Record<string, string>> = {
  hello: `{ '': { story: { server: { behaviour: 'abort' } } } }`,
  refused: `{ '': { story: { server: { behaviour: 'reply' } } } }`,
  abort: `{ '': { story: { server: { behaviour: 'close' } } } }`,
  'closed-socket': `{ '': { story: { server: { behaviour: 'never-reply' } } } }`,
  'early-close': `{ '': { deeds: ['release'] } }`,
  'firewall-reset': `{ 'only-reads': { story: { async fault({ client, server, router }) {
    await client.begins('read');
    await server.begins('wait');
    await router.forgesReset('exact');
    await client.blocks('read');
  } } } }`,
  'nat-expiry': `{
    rejected: { story: { sysctls: {} } },
    dropped: { story: { sysctls: {} } },
  }`,
  'idle-timeout': `{
    closed: { story: { balancer: { idleMs: 60000 } } },
    crossed: { story: { balancer: { idleMs: 60000 } } },
  }`,
  'wrong-protocol': `{
    'tls-to-plain': { deeds: ['release'] },
    'plain-to-tls': { story: { server: { behaviour: 'reply' } } },
  }`,
  'forged-reset': `{ 'in-window': { story: { async fault({ client, server, router }) {
    await client.begins('read');
    await server.begins('wait');
    await router.forgesReset('exact');
    await server.release();
  } } } }`,
  'fd-exhaustion': `{
    queued: { story: { server: { behaviour: 'reply' } } },
    accepted: { deeds: ['release'] },
  }`,
  // One that aborts with the second line unread cannot be told from one that closes.
  'close-race': `{ '': { story: { server: { behaviour: 'never-reply' } } } }`,
};

/** A lab of each topology; `LABS=all` does all, as sweeps.yml says. */
const SOME = ['crash-server', 'firewall-reset', 'idle-timeout'];
const isAll = process.env.LABS === 'all';
const chosen = (await labFolders()).filter(({ name }) => isAll || SOME.includes(name));

for (const { name: engine, test } of engines.filter(({ name }) => name === 'local')) {
  test.serial(
    `${engine} · ${isAll ? 'each lab fails' : 'labs fail'} without their own fault`,
    async (t) => {
      t.timeout(300_000);
      const labs = folderWith(t);
      for (const { number, name, path } of chosen) {
        const folder = join(labs, `${number}-${name}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'lab.ts'), broken(path, BREAKS[name] ?? '{}'));
      }
      const args = ['all', '--labs', labs, '--client', 'python', '--jobs', '6', '--engine', engine];
      const { status, run } = await labJson(t, args, { env: { RESET_LABS_PATIENCE_MS: '15000' } });
      for (const line of told(run.cells)) t.log(line);
      t.is(status, 1);
      // Only root can limit memory.
      const fails = ({ verdict, reason }: CellResult) =>
        verdict === 'fail' || /needs root/.test(reason);
      t.deepEqual(told(run.cells.filter((cell) => !fails(cell))), []);
      const stories = await loadLabs(chosen.map(({ name }) => name));
      const plain = stories.filter(({ cure }) => cure === null);
      t.is(run.cells.length, plain.length, 'each variant of each lab was broken');
    },
  );
}

test('breaks name only labs that are there', async (t) => {
  const names = (await labFolders()).map(({ name }) => name);
  for (const name of Object.keys(BREAKS)) t.true(names.includes(name), name);
});

function broken(path: string, breaks: string): string {
  return [
    `import original from ${JSON.stringify(join(path, 'lab.ts'))};`,
    `import { sabotaged } from ${JSON.stringify(inProject('test/e2e/_sabotage.ts'))};`,
    `export default sabotaged(original, ${breaks});`,
  ].join('\n');
}
