// Versions of languages that were asked for: each cell is of its own version, as the program itself reports it.
import test from 'ava';
import { USUAL } from '../../runners/catalog/language.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import type { RunResult } from '../../runners/results/result.ts';
import { folderWith } from '../_folder.ts';
import { lab, labJson, pathWithout, told } from '../_lab.ts';
import { cli } from '../commands/_run.ts';
import { inEachEngine } from './_engines.ts';

// A second version of Node is fetched by `scripts/setup.sh --engine all`.
const ASKED = ['node@22'];

inEachEngine(
  'clients and servers of the versions that were asked for',
  ['local'],
  async (t, { run }) => {
    const both = `python,${ASKED.join()}`;
    const args = ['crash-server', 'abort', '--client', both, '--server', both];
    const { status, run: result } = await run(t, args);
    t.is(status, 0, told(result.cells).join('\n'));
    t.is(result.cells.length, 2 * (ASKED.length + 1) ** 2);
    const seen = result.cells.flatMap(({ client, server }) => [client, server]);
    for (const { language, asked, version } of seen) {
      if (asked !== null) t.regex(version ?? 'none', new RegExp(`^${asked}\\.`));
      t.is(asked === null, language === 'python');
    }
    const folders = result.cells.map(({ pcap }) => pcap);
    t.is(new Set(folders).size, folders.length, 'each cell has a capture of its own');
    t.true(
      folders.some((path) => path?.endsWith('/04-crash-server-node@22-python-1/capture.pcap')),
    );
  },
);

test.serial('a version that is not on this machine: its cells are not run', async (t) => {
  const args = ['hello', '--engine', 'local', '--client', 'python@3.13,node', '--server', 'node'];
  const env = { PATH: pathWithout(t, 'python3') };
  const { status, run } = await labJson(t, args, { env });
  t.is(status, 3);
  t.like(run.cells[0]?.client, { language: 'python', asked: '3.13', version: null });
  t.deepEqual(
    run.cells.map(({ verdict, reason }) => `${verdict}: ${reason}`),
    [
      'not-run: Python 3.13 is not on this machine: use --engine docker',
      'pass: program, packets and kernel agree: no RST, FIN from both',
    ],
  );
  t.regex((await lab(t, args, { env })).stdout, /– python@3\.13 +not-run:\n/);
});

test.serial('verify takes all versions on request: every pair of them', async (t) => {
  const results = folderWith(t);
  const how = ['--engine', 'local', '--shard', '1/500', '--json', '--results', results];
  const { out } = await cli(['verify', '--versions', 'all', ...how]);
  const { shard, cells } = JSON.parse(out) as RunResult;
  const [stories, languages] = await Promise.all([
    loadLabs(['all']),
    loadLanguages(
      USUAL.map((name) => `${name}@all`),
      '-',
    ),
  ]);
  t.is(shard?.total, stories.length * languages.length ** 2);
  t.true(cells.length > 0);
  for (const { client, server } of cells) t.false(client.asked === null || server.asked === null);
});
