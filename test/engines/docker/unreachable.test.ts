import { statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { noSocket } from '../../../runners/engines/docker/engine-address.ts';
import { unreachable } from '../../../runners/engines/docker/unreachable.ts';
import { folderWith } from '../../_folder.ts';

const refused = Object.assign(new Error('connect EACCES'), { code: 'EACCES' });

test('no socket: in a container it is the container that lacks it', (t) => {
  t.is(
    noSocket(false),
    'Docker is not running here (there is no /var/run/docker.sock): systemctl start docker, or start Docker Desktop, or set DOCKER_HOST.',
  );
  t.is(
    noSocket(true),
    "Docker's socket is not in this container (there is no /var/run/docker.sock): start the container with --volume /var/run/docker.sock:/var/run/docker.sock, or set DOCKER_HOST.",
  );
});

test("a socket that this user may not use: in a container by its group's number", (t) => {
  const path = join(folderWith(t, { 'docker.sock': '' }), 'docker.sock');
  const address = { text: path, endpoint: { by: 'socket', path }, tls: null } as const;
  t.is(
    unreachable(address, refused, false, false).message,
    `This user may not use Docker (${path}): sudo usermod -aG docker "$USER", then log in again.`,
  );
  t.is(
    unreachable(address, refused, false, true).message,
    `This user may not use Docker (${path}): start the container with --group-add ${statSync(path).gid}, or work as root in it.`,
  );
});
