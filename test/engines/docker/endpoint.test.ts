import test from 'ava';
import { parseEndpoint } from '../../../runners/engines/docker/endpoint.ts';
import { sshWords } from '../../../runners/engines/docker/ssh-agent.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';

const parsed = (text: string) => parseEndpoint(text, 'DOCKER_HOST');

test('sockets: with a path, without one, on Windows', (t) => {
  const socket = (path: string) => ({ by: 'socket' as const, path });
  t.deepEqual(parsed('unix:///run/user/1000/docker.sock'), socket('/run/user/1000/docker.sock'));
  t.deepEqual(parsed('unix://'), socket('/var/run/docker.sock'));
  t.deepEqual(parsed('npipe:////./pipe/docker_engine'), socket('//./pipe/docker_engine'));
});

test('TCP: the port is 2375 and the scheme may be left out, as for the docker command', (t) => {
  const tcp = (host: string, port: number) => ({ by: 'tcp' as const, host, port });
  t.deepEqual(parsed('tcp://far:2376'), tcp('far', 2376));
  t.deepEqual(parsed(' tcp://192.0.2.1:1/ '), tcp('192.0.2.1', 1));
  t.deepEqual(parsed('tcp://[2001:db8::1]:2376'), tcp('[2001:db8::1]', 2376));
  t.deepEqual(parsed('tcp://far'), tcp('far', 2375));
  t.deepEqual(parsed('tcp://:65535'), tcp('localhost', 65_535));
  t.deepEqual(parsed('far'), tcp('far', 2375));
  t.deepEqual(parsed('127.0.0.1:4000'), tcp('127.0.0.1', 4000));
});

test('SSH: user, port and the path of a socket may be left out', (t) => {
  const ssh = { by: 'ssh' as const, user: undefined, port: undefined, path: undefined };
  t.deepEqual(parsed('ssh://far'), { ...ssh, host: 'far' });
  t.deepEqual(parsed('ssh://me@far:2222'), { ...ssh, user: 'me', host: 'far', port: 2222 });
  t.deepEqual(parsed('ssh://far/run/other.sock'), { ...ssh, host: 'far', path: '/run/other.sock' });
});

test('what cannot be read is refused with what to write', (t) => {
  const wrong = [
    ...['foo://far', 'http://far:2375', 'fd://', '/var/run/docker.sock', 'TCP://far'],
    ...['tcp://far:0', 'tcp://far:65536', 'tcp://far:port', 'tcp://me@far:1', 'tcp://far:1/path'],
    ...['tcp://2001:db8::1', 'tcp://a b', 'ssh://', 'ssh://me@', 'ssh://far?x', 'ssh://far:port'],
  ];
  for (const text of wrong) {
    t.throws(() => parsed(text), {
      instanceOf: EnvironmentError,
      message: `DOCKER_HOST is "${text}": write unix:///PATH, tcp://HOST:PORT or ssh://[USER@]HOST[:PORT].`,
    });
  }
  t.throws(() => parsed('ssh://me:secret@far'), { message: /leave the password out/ });
});

test('nothing in an address becomes an option of ssh, or a command of the other machine', (t) => {
  for (const text of ['ssh://-oProxyCommand=true', 'ssh://-oProxyCommand=true@far']) {
    t.throws(() => parsed(text), { message: /no name begins with a hyphen/ });
  }
  const words = sshWords({
    ...{ by: 'ssh', user: 'me', host: '[2001:db8::1]', port: 22, path: "/run/it's $(here).sock" },
  });
  t.deepEqual(words.slice(words.indexOf('-l')), [
    ...['-l', 'me', '-p', '22', '--', '2001:db8::1', 'docker'],
    ...['--host', "'unix:///run/it'\\''s $(here).sock'", 'system', 'dial-stdio'],
  ]);
});
