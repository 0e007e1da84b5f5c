import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { engineAddress } from '../../../runners/engines/docker/engine-address.ts';

/** A home folder whose Docker has these contexts. */
async function home(contexts: Record<string, string>, currentContext?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'reset-labs-test-'));
  await mkdir(join(folder, '.docker'));
  await writeFile(join(folder, '.docker/config.json'), JSON.stringify({ currentContext }));
  for (const [name, host] of Object.entries(contexts)) {
    const key = createHash('sha256').update(name).digest('hex');
    const meta = join(folder, '.docker/contexts/meta', key);
    await mkdir(meta, { recursive: true });
    await writeFile(
      join(meta, 'meta.json'),
      JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
    );
  }
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test('DOCKER_HOST comes first, and is left to the client', async (t) => {
  await using folder = await home({ one: 'unix:///one.sock' }, 'one');
  const address = await engineAddress({ DOCKER_HOST: 'tcp://far:2375' }, folder.path);
  t.deepEqual(address, { text: 'tcp://far:2375' });
});

test('the chosen context is followed; DOCKER_CONTEXT chooses another', async (t) => {
  await using folder = await home({ one: 'unix:///one.sock', two: 'tcp://far:2375' }, 'one');
  t.deepEqual(await engineAddress({}, folder.path), {
    text: 'unix:///one.sock (context one)',
    options: { socketPath: '/one.sock' },
  });
  t.deepEqual(await engineAddress({ DOCKER_CONTEXT: 'two' }, folder.path), {
    text: 'tcp://far:2375 (context two)',
    options: { host: 'far', port: '2375' },
  });
});

test('a context that we cannot follow says what to do', async (t) => {
  await using folder = await home({ far: 'ssh://user@far' }, 'far');
  const address = await engineAddress({}, folder.path);
  t.regex('unavailable' in address ? address.unavailable : '', /ssh:\/\/user@far.*DOCKER_HOST/);
  const missing = await engineAddress({ DOCKER_CONTEXT: 'none' }, folder.path);
  t.regex('unavailable' in missing ? missing.unavailable : '', /"none".*docker context ls/);
});
