import test from 'ava';
import { deed } from '../../runners/cell/deed.ts';

const nowUs = () => (performance.timeOrigin + performance.now()) * 1000;

test('a deed is told with the time at which it began, not at which it ended', async (t) => {
  let actedUs = 0;
  const { what, timeUs, touched } = await deed('SIGKILL to the server', async () => {
    actedUs = nowUs();
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    return 2;
  });
  t.is(what, 'SIGKILL to the server');
  t.is(touched, 2);
  t.true(timeUs <= actedUs + 1);
});

test('a deed that fails is none', async (t) => {
  const fails = () => Promise.reject(new Error('no such process'));
  await t.throwsAsync(deed('SIGKILL', fails), { message: 'no such process' });
});
