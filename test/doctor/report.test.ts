import test from 'ava';
import { type Diagnosis, missing, ok, optional, split } from '../../runners/doctor/check.ts';
import { report } from '../../runners/doctor/report.ts';

const SCREEN = { columns: 80, colour: false };

const DIAGNOSIS: Diagnosis = {
  ready: false,
  engines: { local: { ready: false }, docker: { ready: false } },
  checks: [
    ok('node', 'Node.js 22.20.0'),
    optional(
      'kernel',
      'Linux 6.1.0 does not state the reasons of resets (from 6.10 on); its counters still tell of them',
      null,
    ),
    ok('local hosts', 'in a user namespace: a client and a server in 31 ms'),
    missing('local packets', 'tcpdump is not on the PATH', 'sudo apt-get install tcpdump'),
    missing(
      'local java',
      'Java needs `java`, which is not on the PATH',
      'sudo apt-get install default-jdk-headless',
    ),
    missing(
      'docker API',
      'Docker is not running at /var/run/docker.sock',
      'systemctl start docker, or start Docker Desktop',
    ),
  ],
};

test('the table: marks, details, and under each gap its mend', (t) => {
  t.deepEqual(report(DIAGNOSIS, SCREEN), [
    '  ✔ node           Node.js 22.20.0',
    '  – kernel         Linux 6.1.0 does not state the reasons of resets (from 6.10',
    '                   on); its counters still tell of them',
    '',
    '  ✔ local hosts    in a user namespace: a client and a server in 31 ms',
    '  ✘ local packets  tcpdump is not on the PATH',
    '                   → sudo apt-get install tcpdump',
    '  ✘ local java     Java needs `java`, which is not on the PATH',
    '                   → sudo apt-get install default-jdk-headless',
    '',
    '  ✘ docker API     Docker is not running at /var/run/docker.sock',
    '                   → systemctl start docker, or start Docker Desktop',
    '',
    '  not ready: no engine runs labs in all languages; mend what has a ✘',
  ]);
});

test('the last line names the engines that are ready', (t) => {
  const engines = { local: { ready: true }, docker: { ready: true } };
  t.is(
    report({ ...DIAGNOSIS, ready: true, engines }, SCREEN).at(-1),
    '  ready: labs run in all languages with the local and the docker engine',
  );
});

test('colours change nothing but colours; control characters are shown', (t) => {
  const coloured = report(DIAGNOSIS, { columns: 80, colour: true }).join('\n');
  t.true(coloured.includes('\u001b[32m✔'));
  t.true(coloured.includes('\u001b[31m✘'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away
  t.is(coloured.replaceAll(/\u001b\[\d+m/g, ''), report(DIAGNOSIS, SCREEN).join('\n'));
  const odd = { ...DIAGNOSIS, checks: [ok('node', 'a\u001b[31mb')] };
  t.is(report(odd, SCREEN)[0], '  ✔ node  a\\x1b[31mb');
});

test('a message is split into what is wrong and what mends it', (t) => {
  t.deepEqual(split('tcpdump is not on the PATH: apt-get install tcpdump'), {
    detail: 'tcpdump is not on the PATH',
    mend: 'apt-get install tcpdump',
  });
  t.deepEqual(split('Docker does not answer at tcp://h:1: systemctl restart docker.'), {
    detail: 'Docker does not answer at tcp://h:1',
    mend: 'systemctl restart docker',
  });
  // What another program has said is not cut in two.
  t.deepEqual(split('Docker cannot be reached at ssh://h (ssh: connect: refused): see `ssh h`.'), {
    detail: 'Docker cannot be reached at ssh://h (ssh: connect: refused)',
    mend: 'see `ssh h`',
  });
  t.deepEqual(split('the agent has ended'), { detail: 'the agent has ended', mend: null });
});
