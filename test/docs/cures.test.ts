// What a lab's page says of exercises.
import test from 'ava';
import { type CureToFind, cures } from '../../runners/docs/cures.ts';
import { CRASH, LANGUAGES } from '../_observation.ts';

const RETRY = { ...CRASH, cure: 'retry', client: { program: 'ask-retry' } } as const;
const GRACEFUL = { ...CRASH, cure: 'graceful', server: { program: 'server-graceful' } } as const;
const LAB = {
  ...CRASH,
  folder: '04-crash-server',
  plain: [{ story: CRASH, cells: [] }],
  cured: [RETRY, GRACEFUL].map((story) => ({ story, cells: [] })),
};

function said(...toFind: readonly CureToFind[]): string[] {
  const lines = cures(LAB, [LANGUAGES.python], new Map(), toFind);
  return lines.filter((line) => line.startsWith('To find it yourself'));
}

const [retry, graceful] = [
  { folder: '04-crash-server', cure: 'retry', changes: 'client' },
  { folder: '04-crash-server', cure: 'graceful', changes: 'server' },
] as const;

test('each cure that is an exercise says how to find it; the first needs no name', (t) => {
  t.deepEqual(said(retry, graceful), [
    'To find it yourself, before you read on: `npm run check crash-server` gives you the client that has failed, and tries what you make of it.',
    'To find it yourself, before you read on: `npm run check crash-server -- --exercise graceful` gives you a server that fails so, and tries what you make of it.',
  ]);
});

test('other labs, and cures without an exercise, say nothing', (t) => {
  t.deepEqual(said(), []);
  t.deepEqual(said({ ...retry, folder: '08-restart-server' }), []);
  t.is(said(graceful).length, 1);
});
