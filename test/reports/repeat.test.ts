import test from 'ava';
import type { Command } from 'commander';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { selectStories } from '../../runners/catalog/select.ts';
import { commandLine } from '../../runners/cli.ts';
import type { LabOptions } from '../../runners/commands/lab.ts';
import { type Cell, plan } from '../../runners/plan.ts';
import { repeatCommand } from '../../runners/reports/repeat.ts';
import { emptyResult } from '../../runners/results/cell-result.ts';

const ENGINES = ['local', 'docker'] as const;

/** The cells that a command plans, and its engine. */
async function planned(command: string) {
  const words = command.split(' ');
  assertCommand(words);
  const program = commandLine(() => {}, new AbortController().signal);
  const lab = program.commands.find((one: Command) => one.name() === 'lab');
  let given: { names: string[]; options: LabOptions } | undefined;
  lab?.action((names: string[], options: LabOptions) => {
    given = { names, options };
  });
  await program.parseAsync([
    'node',
    'cli',
    'lab',
    ...words.slice(3).filter((word) => word !== '--'),
  ]);
  if (given === undefined) throw new Error(`not parsed: ${command}`);
  const { names, options } = given;
  const labs = selectStories(await loadLabs(names), options);
  const clients = await loadLanguages(options.client, '--client');
  const servers = await loadLanguages(options.server, '--server');
  const { engine, ip, repeat } = options;
  const cells = plan({
    ...{ labs, clients, servers, ip, repeat },
    ...{ engine: engine as 'local', firstPort: 20_000 },
  });
  return { cells, engine };
}

function assertCommand([npm, run, lab]: readonly string[]): void {
  if (npm !== 'npm' || run !== 'run' || lab !== 'lab') throw new Error('no npm run lab');
}

test('the command of each cell plans that cell and no other', async (t) => {
  const [labs, languages, versions] = await Promise.all([
    loadLabs(['all']),
    loadLanguages(['java', 'node'], '--client'),
    loadLanguages(['java@21'], '--client'),
  ]);
  const all: Cell[] = [];
  for (const engine of ENGINES) {
    const how = { labs, repeat: 1, engine, firstPort: 20_000 };
    all.push(...plan({ ...how, clients: languages, servers: languages, ip: 4 }));
    all.push(...plan({ ...how, clients: versions, servers: languages, ip: 4 }));
    const direct = labs.filter(({ topology }) => topology === 'direct');
    all.push(...plan({ ...how, labs: direct, clients: languages, servers: versions, ip: 6 }));
  }
  t.true(all.length > 400);
  for (const cell of all) {
    const command = repeatCommand(emptyResult(cell, 'not-run', 'x'));
    const again = await planned(command);
    const found = again.cells.map(({ id, ip, engine }) => [id, ip, engine]);
    t.deepEqual(found, [[cell.id, cell.ip, cell.engine]], command);
    t.is(again.engine, cell.engine, command);
  }
});

test('a command is short where there is nothing to choose', async (t) => {
  const [lab] = await loadLabs(['crash-server']);
  const [java, python] = await loadLanguages(['java', 'python'], '--client');
  if (!lab || !java || !python) return t.fail('no lab, or no language');
  const how = { repeat: 1, engine: 'local', ip: 4, firstPort: 20_000 } as const;
  const [cell] = plan({ ...how, labs: [lab], clients: [java], servers: [python] });
  t.is(
    cell && repeatCommand(emptyResult(cell, 'not-run', 'x')),
    'npm run lab crash-server -- --client java --server python --engine local',
  );
});
