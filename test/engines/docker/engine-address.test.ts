import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { engineAddress } from '../../../runners/engines/docker/engine-address.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { folderWith } from '../../_folder.ts';

type Endpoint = { readonly Host?: string; readonly SkipTLSVerify?: boolean };
type Files = Readonly<Record<string, string>>;

const keyOf = (context: string) => createHash('sha256').update(context).digest('hex');

/** A home folder whose Docker has these contexts, as the docker command keeps them. */
function home(
  t: ExecutionContext,
  contexts: Readonly<Record<string, string | Endpoint>>,
  { currentContext, files = {} }: { currentContext?: string; files?: Files } = {},
): string {
  const metas = Object.entries(contexts).map(([Name, endpoint]) => {
    const docker = typeof endpoint === 'string' ? { Host: endpoint } : endpoint;
    const meta = JSON.stringify({ Name, Metadata: {}, Endpoints: { docker } });
    return [`.docker/contexts/meta/${keyOf(Name)}/meta.json`, meta];
  });
  const config = { '.docker/config.json': JSON.stringify({ currentContext }) };
  return folderWith(t, { ...config, ...Object.fromEntries(metas), ...files });
}

/** Where a context's certificates lie. */
const pemOf = (context: string, name: string) =>
  `.docker/contexts/tls/${keyOf(context)}/docker/${name}.pem`;

/** A key and its certificate, which also serves as that of a CA. */
function certificate(t: ExecutionContext): { readonly cert: string; readonly key: string } {
  const folder = folderWith(t);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-subj', '/CN=test', '-keyout', 'key.pem', '-out', 'cert.pem'];
  execFileSync('openssl', ['req', '-x509', ...key, ...files], { cwd: folder, stdio: 'pipe' });
  const [pem = '', ofKey = ''] = ['cert.pem', 'key.pem'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  return { cert: pem, key: ofKey };
}

async function why(...args: Parameters<typeof engineAddress>): Promise<string> {
  const address = await engineAddress(...args);
  return isUnavailable(address) ? address.unavailable : `found: ${address.text}`;
}

const FAR = { by: 'tcp', host: 'far', port: 2376 };

test('DOCKER_HOST comes before DOCKER_CONTEXT, and that before the chosen context', async (t) => {
  const contexts = { one: 'unix:///one.sock', two: 'tcp://far:2376' };
  const folder = home(t, contexts, { currentContext: 'one' });
  t.deepEqual(await engineAddress({}, folder), {
    text: 'unix:///one.sock (context one)',
    endpoint: { by: 'socket', path: '/one.sock' },
    tls: null,
  });
  t.like(await engineAddress({ DOCKER_CONTEXT: 'two' }, folder), { endpoint: FAR, tls: null });
  t.deepEqual(await engineAddress({ DOCKER_CONTEXT: 'two', DOCKER_HOST: 'ssh://me@it' }, folder), {
    text: 'ssh://me@it',
    endpoint: { by: 'ssh', user: 'me', host: 'it', port: undefined, path: undefined },
    tls: null,
  });
  const elsewhere = { DOCKER_CONFIG: join(folder, '.docker') };
  t.like(await engineAddress(elsewhere, '/nonexistent'), {
    text: 'unix:///one.sock (context one)',
  });
});

test('DOCKER_TLS_VERIFY takes the certificates of DOCKER_CERT_PATH, or of ~/.docker', async (t) => {
  const { cert, key } = certificate(t);
  const files = { '.docker/ca.pem': cert, 'other/ca.pem': cert, 'other/cert.pem': cert };
  const folder = home(t, {}, { files: { ...files, 'other/key.pem': key } });
  const env = { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS_VERIFY: '1' };
  const ofHome = { ca: cert, cert: undefined, key: undefined, isVerified: true };
  t.like(await engineAddress(env, folder), { endpoint: FAR, tls: ofHome });
  // As for the docker command: it is a matter of being set, not of the value.
  t.like(await engineAddress({ ...env, DOCKER_TLS_VERIFY: '0' }, folder), { tls: ofHome });
  const other = { ...env, DOCKER_CERT_PATH: join(folder, 'other') };
  t.like(await engineAddress(other, folder), { tls: { ca: cert, cert, key, isVerified: true } });
  const unverified = { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS: '1' };
  t.like(await engineAddress(unverified, folder), { tls: { ca: cert, isVerified: false } });
  t.like(await engineAddress({ DOCKER_TLS_VERIFY: '1' }, folder), {
    endpoint: { by: 'tcp', host: 'localhost', port: 2376 },
  });
});

test('DOCKER_CERT_PATH alone asks for no TLS, and a socket has none', async (t) => {
  const env = { DOCKER_CERT_PATH: '/nonexistent' };
  t.like(await engineAddress({ ...env, DOCKER_HOST: 'tcp://far:2376' }), { tls: null });
  const socket = { ...env, DOCKER_HOST: 'unix:///one.sock', DOCKER_TLS_VERIFY: '1' };
  t.like(await engineAddress(socket), { tls: null });
});

test("a context's certificates are used, and its SkipTLSVerify", async (t) => {
  const { cert, key } = certificate(t);
  const Host = 'tcp://far:2376';
  const folder = home(
    t,
    { tls: Host, unverified: { Host, SkipTLSVerify: true } },
    {
      files: {
        [pemOf('tls', 'ca')]: cert,
        [pemOf('tls', 'cert')]: cert,
        [pemOf('tls', 'key')]: key,
      },
    },
  );
  t.deepEqual(await engineAddress({ DOCKER_CONTEXT: 'tls' }, folder), {
    text: 'tcp://far:2376 (context tls)',
    endpoint: { by: 'tcp', host: 'far', port: 2376 },
    tls: { ca: cert, cert, key, isVerified: true },
  });
  t.like(await engineAddress({ DOCKER_CONTEXT: 'unverified' }, folder), {
    tls: { ca: undefined, cert: undefined, isVerified: false },
  });
});

test('what is wrong is named, with the mend', async (t) => {
  const { cert } = certificate(t);
  const folder = home(
    t,
    { odd: 'foo://far', none: {}, half: 'tcp://far:2376' },
    { files: { [pemOf('half', 'cert')]: cert, 'no/ca.pem': 'none' } },
  );
  const context = (name: string) => why({ DOCKER_CONTEXT: name }, folder);
  t.regex(await context('odd'), /^The address of Docker's context "odd" is "foo:\/\/far": write /);
  t.regex(await context('none'), /"none" is not defined: docker context ls/);
  t.regex(await context('missing'), /"missing" is not defined: docker context ls/);
  t.regex(await context('half'), /a cert\.pem in .*docker, but no key\.pem: put it there\.$/);

  const env = { DOCKER_HOST: 'tcp://far:2376', DOCKER_TLS_VERIFY: '1' };
  const missing = 'DOCKER_TLS_VERIFY is set, but /nonexistent/ca.pem is not there: set DOCKER_CERT';
  t.true((await why({ ...env, DOCKER_CERT_PATH: '/nonexistent' }, folder)).startsWith(missing));
  const noPem = { ...env, DOCKER_CERT_PATH: join(folder, 'no') };
  t.regex(await why(noPem, folder), /^The certificates in .*no cannot be used \(.*\): put ca\.pem/);
  t.regex(await why({ DOCKER_HOST: 'foo://' }), /^DOCKER_HOST is "foo:\/\/": write unix:/);

  const broken = folderWith(t, { '.docker/config.json': '{' });
  t.regex(await why({}, broken), /config\.json cannot be read \(.*\): mend it, or set DOCKER_HOST/);
});
