import test from 'ava';
import { kernelCheck, nodeCheck } from '../../runners/doctor/machine.ts';

for (const version of ['20.19.0', '20.20.2', '22.20.0', '24.12.1', '25.0.0', '27.1.0']) {
  test(`Node.js ${version} will do`, async (t) => {
    t.deepEqual(await nodeCheck(version), {
      ...{ name: 'node', status: 'ok', detail: `Node.js ${version}`, mend: null },
    });
  });
}

for (const version of ['18.19.0', '20.18.9', '21.7.0', '22.19.0', '23.0.0', '24.11.0']) {
  test(`Node.js ${version} is refused`, async (t) => {
    t.deepEqual(await nodeCheck(version), {
      name: 'node',
      status: 'missing',
      detail: `Node.js ${version}; the labs need ^20.19 || ^22.20 || ^24.12 || >=25`,
      mend: 'nvm install 24',
    });
  });
}

test('from Linux 6.10 on the kernel states reasons', (t) => {
  t.is(kernelCheck('6.10.0', 'linux').status, 'ok');
  t.is(kernelCheck('7.0.1-generic', 'linux').status, 'ok');
  t.deepEqual(kernelCheck('6.9.12', 'linux'), {
    name: 'kernel',
    status: 'optional',
    detail:
      'Linux 6.9.12 does not state the reasons of resets (from 6.10 on); its counters still tell of them',
    mend: null,
  });
});

test('another system runs labs in Docker', (t) => {
  t.deepEqual(kernelCheck('24.6.0', 'darwin'), {
    name: 'kernel',
    status: 'optional',
    detail: "darwin, not Linux: labs run on Docker's Linux",
    mend: null,
  });
});
