// What a hostile program can do on a host of the Docker engine.
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { specOf, withEngine } from '../engines/docker/_docker.ts';
import { dockerTest } from '../engines/docker/_docker-test.ts';
import {
  ALLOWED,
  attempts,
  failed,
  listening,
  REFUSED,
  succeeded,
  UNPRIVILEGED,
} from './_attempts.ts';
import { outside } from './_outside.ts';

dockerTest('a program has no privilege and reaches nothing outside of its host', async (t) => {
  t.timeout(300_000);
  const { attempts: more, own, paths } = await outside(t);
  await withEngine(t, async (engine, language) => {
    const topology = await engine.make(specOf(language));
    const neighbour = (await engine.make(specOf(language))).hosts.server;
    await listening(neighbour);
    // Of the engine's host; port 22 or not, no answer of any kind may come.
    const interfaces = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const reach = interfaces
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => `reach ${address}|22`);
    const all = [...more, ...reach.slice(0, 5), `reach ${neighbour.address}|5000`];
    const found = await attempts(topology, {
      ...{ folder: engine.installed(language, 'ask').folder, writable: '/run/lab' },
      more: [...all, own],
    });
    const ids = '10001 10001 10001 10001';
    t.like(found, { ...UNPRIVILEGED, Uid: ids, Gid: ids, Seccomp: '2' });
    t.deepEqual(succeeded(found, [...REFUSED, ...all, 'be root of a namespace']), []);
    t.deepEqual(failed(found, ALLOWED), []);
    for (const attempt of reach) t.not(found[attempt], 'ECONNREFUSED', attempt);
    t.regex(found.processes ?? '', /^done( shell| python3(\.\d+)?)+$/);
    // It may signal its own user's processes, but the first of a namespace does not die of it.
    t.is(found['kill the agent'], 'done');
    t.is(found['the agent afterwards'], 'alive');
    t.is(found['the server afterwards'], 'alive');
    for (const path of paths) t.false(existsSync(path), path);
  });
});
