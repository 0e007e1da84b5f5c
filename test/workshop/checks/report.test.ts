import test from 'ava';
import { COPIES } from '../../../runners/workshop/checks/overlay.ts';
import { checkReport } from '../../../runners/workshop/checks/report.ts';
import { FAIL } from '../../reports/_results.ts';
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

test('what the program says names its file as the participant does', (t) => {
  const line = `File "${COPIES}/python.yours-0123456789ab/labs/programs/python/ask.py", line 8`;
  const outputs = FAIL.outputs.map((output) => ({ ...output, err: [line] }));
  const { ran, ...checked } = checkedOf('fail');
  const shown = { ...checked, ran: ran && { result: { ...ran.result, outputs } } };
  const lines = checkReport(shown, { columns: 80, colour: false });
  t.true(lines.includes('    File "ask.py", line 8'), lines.join('\n'));
});
