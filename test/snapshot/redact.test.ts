import test from 'ava';
import { ROOT } from '../../runners/paths.ts';
import { Redactor, tellingOfHere } from '../../runners/snapshot/redact.ts';

const TELLING = {
  root: '/home/anna smith/labs/',
  homes: ['/home/anna smith'],
  hosts: ['annas-laptop.example', 'annas-laptop'],
  users: ['anna'],
};

function redacted(value: unknown): unknown {
  return new Redactor(TELLING).value(value);
}

for (const [text, expected] of [
  ['at /home/anna smith/labs/labs/x.py:3', 'at <project>/labs/x.py:3'],
  ['file:///home/anna%20smith/labs/labs/x.js:3', 'file://<project>/labs/x.js:3'],
  ['npm run lab -- --results /home/anna smith/r', 'npm run lab -- --results <home>/r'],
  ['/home/anna smith-2/r', '<path> smith-2/r'],
  ['/home/anna smith', '<home>'],
  ['unix:///home/anna smith/docker.sock', 'unix://<home>/docker.sock'],
  ['unix:///srv/docker.sock', 'unix://<path>'],
  ['the API at ssh://anna@build.example:22 answers', 'the API at ssh://<host> answers'],
  ['tcp://10.1.2.3:2376', 'tcp://<host>'],
  ['Anna on ANNAS-LAPTOP: no', '<user> on <host>: no'],
  ['annas-laptop.example', '<host>'],
  ['annaline, joanna', 'annaline, joanna'],
  ['--junit /srv/secret/x.xml,/opt/y', '--junit <path>,<path>'],
  ['tcpdump: /usr/sbin/tcpdump, /dev/shm, /proc/1/net', null],
  ['client/server, 1/2, https://example.org/a/b, GET / HTTP/1.1, a // b', null],
] as const) {
  test(`in results: ${text}`, (t) => {
    t.is(redacted(text), expected ?? text);
  });
}

test('keys, numbers and words of the kit are left, and what was replaced is counted', (t) => {
  const redactor = new Redactor({ ...TELLING, users: ['read', 'python'] });
  const value = { anna: 1, step: 'read', client: { language: 'python' }, out: ['read it', null] };
  t.deepEqual(redactor.value(value), { ...value, out: ['<user> it', null] });
  t.deepEqual([...redactor.counts], [['<user>', 1]]);
});

test('a program is the same program: of names, only those that cannot be words of it are replaced', (t) => {
  const redactor = new Redactor(TELLING);
  const { text, left } = redactor.source(
    '# anna, annas-laptop\nopen("/home/anna smith/x", "/srv")',
  );
  t.is(text, '# anna, <host>\nopen("<home>/x", "/srv")');
  t.deepEqual(left, ['anna']);
});

test('a home of / and a user root tell nothing', (t) => {
  const redactor = new Redactor({ root: '/x/', homes: ['/', ''], hosts: [], users: [] });
  t.is(redactor.value('for root only, in /usr/bin'), 'for root only, in /usr/bin');
});

test('what tells of this machine', async (t) => {
  const { root, homes, hosts, users } = await tellingOfHere();
  t.is(root, ROOT);
  t.true(homes.every((home) => home.startsWith('/')));
  for (const common of ['root', 'localhost', 'client', 'python', '']) {
    t.false([...hosts, ...users].includes(common));
  }
});
