import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { delimiter, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { processesWith } from '../../../runners/chaos/leftovers.ts';
import { until } from '../../../runners/deadline.ts';
import { SshAgent } from '../../../runners/engines/docker/ssh-agent.ts';
import { inProject } from '../../../runners/paths.ts';
import { folderWith } from '../../_folder.ts';

const PATH = process.env.PATH;
// The search path is the whole process's, so these tests run one after the other.
test.afterEach.always(() => {
  process.env.PATH = PATH;
});

const ENDPOINT = { by: 'ssh', user: undefined, host: 'far', port: undefined, path: undefined };

/** An agent whose `ssh` is this script of Node.js. */
function agentWith(t: ExecutionContext, script: string): SshAgent {
  const folder = folderWith(t, { ssh: `#!${process.execPath}\n${script}\n` });
  chmodSync(join(folder, 'ssh'), 0o755);
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  const agent = new SshAgent(ENDPOINT as ConstructorParameters<typeof SshAgent>[0]);
  t.teardown(() => agent.destroy());
  return agent;
}

/** What `ssh … docker system dial-stdio` does. */
const dial = (socket: string) => `
  const there = require('node:net').connect({ path: '${socket}', allowHalfOpen: true });
  process.stdin.pipe(there).pipe(process.stdout);`;

/** An HTTP server on a socket; `connections` counts. */
async function serverOn(
  t: ExecutionContext,
  answer: (server: Server) => void,
): Promise<{ socket: string; connections: () => number }> {
  const socket = join(folderWith(t), 'socket');
  let connections = 0;
  const server = createServer();
  server.on('connection', () => (connections += 1));
  answer(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { socket, connections: () => connections };
}

function ask(agent: SshAgent, headers = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ agent, host: 'docker.ssh', path: '/version', headers }, resolve)
      .on('error', reject)
      .end();
  });
}

test.serial('a connection is used again by the next request', async (t) => {
  const { socket, connections } = await serverOn(t, (server) => {
    server.on('request', (from, to) => to.end(`you asked for ${from.url}`));
  });
  const agent = agentWith(t, dial(socket));
  for (let times = 0; times < 3; times++) {
    t.is(await text(await ask(agent)), 'you asked for /version');
  }
  t.is(connections(), 1);
});

test.serial('many requests at once are not as many connections', async (t) => {
  const { socket, connections } = await serverOn(t, (server) => {
    server.on('request', (_, to) => to.end('x'.repeat(1_000_000)));
  });
  const agent = agentWith(t, dial(socket));
  const answers = await Promise.all(Array.from({ length: 20 }, async () => text(await ask(agent))));
  t.true(answers.every((answer) => answer.length === 1_000_000));
  t.true(connections() <= 8);
});

test.serial('a stream that was taken over goes both ways, to its end', async (t) => {
  let heard = '';
  const { socket } = await serverOn(t, (server) => {
    server.on('upgrade', (_, stream: Duplex) => {
      stream.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nready ');
      stream.on('data', (chunk: Buffer) => {
        heard += chunk;
      });
      stream.on('end', () => stream.end(`heard ${heard.length}`));
    });
  });
  const agent = agentWith(t, dial(socket));
  const stream = await new Promise<Duplex>((resolve, reject) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
    request({ agent, host: 'docker.ssh', path: '/attach', method: 'POST', headers })
      .on('upgrade', (_, upgraded: Duplex, head: Buffer) => {
        upgraded.unshift(head);
        resolve(upgraded);
      })
      .on('error', reject)
      .end();
  });
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.write('y'.repeat(300_000));
  stream.end('z');
  t.is(await text(stream), 'ready heard 300001');
  t.is(heard, `${'y'.repeat(300_000)}z`);
  await closed;
});

test.serial("a terminal's Ctrl-C does not reach it: it is of another process group", async (t) => {
  const groupOf = (stat: string) => stat.slice(stat.lastIndexOf(')')).split(' ')[3];
  const agent = agentWith(
    t,
    `process.stdin.once('data', () => {
      const stat = require('node:fs').readFileSync('/proc/self/stat', 'utf8');
      process.stdout.write('HTTP/1.1 200 OK\\r\\nContent-Length: ' + stat.length + '\\r\\n\\r\\n' + stat);
    });`,
  );
  const own = groupOf(readFileSync('/proc/self/stat', 'utf8'));
  const other = groupOf(await text(await ask(agent)));
  t.regex(`${own} ${other}`, /^\d+ \d+$/);
  t.not(other, own);
});

test.serial('an ssh that fails is an error in its own words', async (t) => {
  const agent = agentWith(t, `console.error('Host key verification failed.'); process.exit(255);`);
  await t.throwsAsync(ask(agent), { message: 'Host key verification failed.', code: 'ESSH' });
});

test.serial('an ssh that is killed is an error', async (t) => {
  const agent = agentWith(t, `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
  await t.throwsAsync(ask(agent), { message: 'ssh has ended: SIGKILL' });
});

test.serial('without ssh the error says so', async (t) => {
  const agent = agentWith(t, '');
  process.env.PATH = folderWith(t);
  for (const command of ['sh', 'setpriv']) {
    const path = `${PATH}`.split(delimiter).map((folder) => join(folder, command));
    symlinkSync(path.find(existsSync) ?? '', join(process.env.PATH, command));
  }
  await t.throwsAsync(ask(agent), { message: /ssh.*(not found|no such file)/i });
});

test.serial('no ssh outlives its orchestrator, even one that is killed', async (t) => {
  // It ends neither with its input nor with its output.
  agentWith(t, `setInterval(() => {}, 1000);`);
  const mark = randomBytes(8).toString('hex');
  const module = pathToFileURL(inProject('runners/engines/docker/ssh-agent.ts')).href;
  const script = `
    import { request } from 'node:http';
    import { SshAgent } from '${module}';
    const agent = new SshAgent(${JSON.stringify(ENDPOINT)});
    request({ agent, host: 'docker.ssh' }).end();`;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script],
    { stdio: 'ignore', env: { ...process.env, RESET_LABS_TEST: mark } },
  );
  // Itself: what starts it has asked the kernel for its own end only when it becomes ssh.
  const started = async () =>
    processesWith(mark).some((line) => line.includes('dial-stdio') && !line.includes('setpriv'));
  await until('the start of ssh', async () => (await started()) || undefined);
  child.kill('SIGKILL');
  await until('the end of ssh', async () => processesWith(mark).length === 0 || undefined);
  t.pass();
});
