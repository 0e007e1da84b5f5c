import test from 'ava';
import { showHint } from '../../../runners/workshop/visit/hint.ts';
import { crash } from '../../_observation.ts';
import { AT_EXERCISE, CRASH, checkedOf, RETRY, SHOWN, visitOf } from './_visit.ts';

const FAILED = checkedOf('fail');

test('first what the own run has shown, then the idea, then the means, then all of them', async (t) => {
  const { visit, seen, kept } = visitOf(t, { deeds: [], state: AT_EXERCISE });
  const hint = async () => {
    await showHint(CRASH, RETRY, FAILED, visit);
    return [seen(), (await kept(CRASH)).hints?.retry];
  };
  const all = [
    `\nHint 1 of 3\n${SHOWN}\n`,
    '\nHint 2 of 3\nAn idea.\n',
    '\nHint 3 of 3\nThe means.\n',
  ];
  for (const [place, text] of all.entries()) t.deepEqual(await hint(), [text, place + 1]);
  t.deepEqual(await hint(), [all.join(''), 3]);
});

test('without a run there is no first hint, and none is used up', async (t) => {
  const { visit, seen, kept } = visitOf(t, { deeds: [], state: AT_EXERCISE });
  await showHint(CRASH, RETRY, undefined, visit);
  t.is(seen(), '\nRun it first (r): what it shows is the first hint.\n');
  t.is((await kept(CRASH)).hints, undefined);
});

test('a run that tells nothing more has a hint, too', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: [], state: AT_EXERCISE });
  const observation = crash({ packets: { missing: 'left out on request' } });
  const { ran } = FAILED;
  const silent = checkedOf('unknown', { ran: ran && { ...ran, observation } });
  for (const text of [/^\nHint 1 of 3\nYour last run tells no more/, /^\nHint 2 of 3\nAn idea/]) {
    await showHint(CRASH, RETRY, silent, visit);
    t.regex(seen(), text);
  }
});

test('who comes back goes on with the hint that is next, without another run', async (t) => {
  const state = AT_EXERCISE.replace(' }', ', hints: { retry: 1 } }');
  const { visit, seen, kept } = visitOf(t, { deeds: [], state });
  await showHint(CRASH, RETRY, undefined, visit);
  t.is(seen(), '\nHint 2 of 3\nAn idea.\n');
  t.is((await kept(CRASH)).hints?.retry, 2);
});
