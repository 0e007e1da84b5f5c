import test from 'ava';
import { checkReport } from '../../../runners/workshop/checks/report.ts';
import { checkedOf } from '../visit/_visit.ts';

const ASKS = 'the fault meets its connection: SIGKILL to the server';
const SHOWS = 'it had ended before, with status 1';

function reported(columns: number): string[] {
  const points = [
    { asks: 'it prints the reply', standing: 'not met', shows: SHOWS },
    { asks: ASKS, standing: 'met', shows: '' },
  ] as const;
  return checkReport(checkedOf('fail', { points }), { columns, colour: false });
}

test('what is not met says beside it what there was, or below where that is too long', (t) => {
  t.is(reported(100).at(-2), `  ✘ it prints the reply${' '.repeat(ASKS.length - 17)}${SHOWS}`);
  t.deepEqual(reported(80).slice(-3), ['  ✘ it prints the reply', `      ${SHOWS}`, `  ✔ ${ASKS}`]);
});

test('on a narrow terminal its points are broken into lines, its timeline is not', (t) => {
  const narrow = reported(30);
  const wide = reported(80);
  t.deepEqual(narrow.slice(-7), [
    '',
    '  ✘ it prints the reply',
    '      it had ended before,',
    '      with status 1',
    '  ✔ the fault meets its',
    '    connection: SIGKILL to the',
    '    server',
  ]);
  t.deepEqual(narrow.slice(0, narrow.lastIndexOf('')), wide.slice(0, wide.lastIndexOf('')));
});
