import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { assertNamespaces } from '../../runners/engines/local/permission.ts';
import type { RunResult } from '../../runners/results/result.ts';
import { folderWith } from '../_folder.ts';
import { told } from '../_lab.ts';
import { BASICS, folderOfCommands, NO_DOCKER } from '../doctor/_machine.ts';
import { cli } from './_run.ts';

const local = await assertNamespaces().then(
  () => test,
  () => test.skip,
);
const ENGINE = [
  'unshare',
  'nsenter',
  'setpriv',
  'sh',
  'true',
  'taskset',
  'mount',
  'ip',
  'ss',
  'mkfifo',
  'cut',
  'tcpdump',
];

test('there is no engine: each is named with the reason', async (t) => {
  const env = { PATH: folderOfCommands(t, [...BASICS, 'node']), DOCKER_HOST: NO_DOCKER };
  const { status, out, err } = await cli(['verify', '--results', folderWith(t)], { env });
  t.is(status, 4);
  t.is(out, '');
  t.regex(err, /^local engine: not verified, since it is not there: .*`unshare`/);
  t.regex(err, /\ndocker engine: not verified, since it is not there: Docker is not running at /);
  t.regex(err, /\nThere is no engine to verify\. See what is missing: npm run doctor\n$/);
});

test('an engine that was asked for and is not there', async (t) => {
  const env = { DOCKER_HOST: NO_DOCKER };
  const words = ['verify', '--engine', 'docker', '--results', folderWith(t)];
  const { status, out, err } = await cli(words, { env });
  t.is(status, 4);
  t.is(out, '');
  t.regex(err, /^Docker does not answer: /);
});

local('a language that is missing is not passed over: status 3', async (t) => {
  const env = {
    PATH: folderOfCommands(t, [...BASICS, ...ENGINE, 'node']),
    DOCKER_HOST: NO_DOCKER,
  };
  const folder = folderWith(t);
  const summary = join(folder, 'summary.md');
  // Some cells of each kind are enough: seven has no divisor in common with the number of pairs.
  const how = ['--shard', '3/7', '--summary', summary];
  const words = ['verify', '--results', join(folder, 'results'), ...how];
  const { status, out, err } = await cli(words, { env });
  t.is(status, 3, err);
  t.regex(err, /docker engine: not verified/);
  const latest = readFileSync(join(folder, 'results/latest/run.json'), 'utf8');
  const run = JSON.parse(latest) as RunResult;
  t.deepEqual(
    run.engines.map(({ name }) => name),
    ['local'],
  );
  // What was not there is told by the result, too.
  t.deepEqual(
    run.absent.map(({ name }) => name),
    ['docker'],
  );
  t.regex(out, /^engine: docker was not used, since it is not there: Docker is not running at /m);
  t.regex(readFileSync(summary, 'utf8'), /^- no docker engine, it is not there: Docker is not/m);
  const plain = run.cells.filter(({ cure }) => cure === null);
  t.true(plain.length > 0 && plain.length < run.cells.length, 'plain stories and cures');
  t.is(run.cells.length, run.planned);
  // How many were not run, and why, is told in one place.
  const notRun = run.cells.filter(({ verdict }) => verdict === 'not-run');
  const counts = (text: string) =>
    [...text.matchAll(/^ {4,8}(\d+) {2}\S/gm)].reduce((sum, [, one]) => sum + Number(one), 0);
  const list = out.slice(
    out.indexOf(`  ${notRun.length} of ${run.cells.length} cells were not run:`),
  );
  t.is(counts(list), notRun.length);
  t.regex(readFileSync(summary, 'utf8'), new RegExp(`^### ${notRun.length} not run$`, 'm'));
  const cells = plain;
  const pairs = (chosen: RunResult['cells']) =>
    [
      ...new Set(chosen.map(({ client, server }) => `${client.language}/${server.language}`)),
    ].sort();
  const of = (verdict: string) => cells.filter((cell) => cell.verdict === verdict);
  t.deepEqual(told([...of('fail'), ...of('unknown')]), []);
  // Labs without a server need none of its language.
  const isOfNode = (pair: string) => pair.startsWith('node/');
  t.true(of('pass').length > 0);
  t.true(pairs(of('pass')).every(isOfNode));
  // What labs need beside languages is not there, either.
  const [forLanguages, forNeeds] = [true, false].map((ofLanguage) =>
    of('not-run').filter(({ reason }) => /^(Java|Python) needs/.test(reason) === ofLanguage),
  );
  t.true((forLanguages ?? []).some(({ client }) => client.language === 'java'));
  t.false(pairs(forLanguages ?? []).includes('node/node'));
  t.true(pairs(forNeeds ?? []).every((pair) => pair === 'node/node'));
  for (const { reason } of forNeeds ?? [])
    t.regex(reason, /needs `[a-z0-9]+`, which is not on the/);
});
