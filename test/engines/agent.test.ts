// agent.sh through plain pipes: no namespace, no container, no root.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { until } from '../../runners/deadline.ts';
import { Agent } from '../../runners/engines/agent/agent.ts';
import { HostError } from '../../runners/engines/agent/host-error.ts';
import { Lines } from '../../runners/engines/agent/lines.ts';
import type { Program } from '../../runners/engines/agent/program.ts';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';

type Running = {
  readonly agent: Agent;
  readonly child: ChildProcess;
  readonly folder: string;
  readonly ended: Promise<unknown>;
};

/** @param limits what the shell says before it becomes the agent */
async function agentFor(t: ExecutionContext, limits = ':'): Promise<Running> {
  const folder = folderWith(t);
  mkdirSync(join(folder, 'scratch'));
  const agentSh = inProject('runners/engines/agent/agent.sh');
  const child = spawn(
    'bash',
    ['-c', `${limits} && exec bash "$@"`, 'bash', agentSh, join(folder, 'scratch')],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      // A group of its own, so that the test can end all that it left.
      detached: true,
    },
  );
  const ended = once(child, 'close');
  t.teardown(async () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended with all its programs, as it should.
    }
    await ended;
  });
  const agent = new Agent('client', { input: child.stdin, output: child.stdout });
  await agent.ready;
  return { agent, child, folder, ended };
}

/** A program in bash; its steps go to the file that LAB_STEPS names. */
function shell({ agent, folder }: Running, name: string, script: string, ...words: string[]) {
  return agent.start(name, folder, ['bash', '-c', script, name, ...words]);
}

/** Waits until a program has reported so many lines. */
async function lines(program: Program, count: number): Promise<readonly string[]> {
  while (program.lines.length < count) await once(program, 'line');
  return program.lines;
}

/** Whether a process runs; one that has ended may wait for its parent. */
async function isAlive({ agent }: Running, pid: string): Promise<boolean> {
  const look =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    'read -r line 2>/dev/null </proc/$0/stat; [[ ${line##*) } == [^ZX]* ]] && echo alive; :';
  return (await agent.run('bash', '-c', look, pid)).includes('alive');
}

test('the agent tells its process id when it is ready', async (t) => {
  const { agent, child } = await agentFor(t);
  t.is(child.pid, await agent.ready);
});

test('a program runs in its folder, and its steps and its end are told', async (t) => {
  const running = await agentFor(t);
  const program = shell(running, 'ask', 'echo "1 $PWD" >$LAB_STEPS; echo two >$LAB_STEPS; exit 7');
  t.is(await program.exited, 7);
  t.is(program.status, 7);
  t.deepEqual(program.lines, [`1 ${running.folder}`, 'two']);
});

test('the end comes after the last step, however many there are', async (t) => {
  const running = await agentFor(t);
  const program = shell(running, 'ask', 'for i in {1..500}; do echo $i; done >$LAB_STEPS');
  await program.exited;
  t.is(program.lines.length, 500);
  t.is(program.lines.at(-1), '500');
});

test('a last step without a line end is told too', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'printf "one\\ntwo" >$LAB_STEPS');
  await program.exited;
  t.deepEqual(program.lines, ['one', 'two']);
});

test('a backslash and spaces in a step stay as they are', async (t) => {
  const program = shell(await agentFor(t), 'ask', `printf '%s\\n' '  a\\tb  \\\\ ' >$LAB_STEPS`);
  await program.exited;
  t.deepEqual(program.lines, ['  a\\tb  \\\\ ']);
});

test('what a program prints is no step, and is handed out on request', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'echo to out; echo to err >&2; echo; echo last');
  await program.exited;
  t.deepEqual(program.lines, []);
  t.deepEqual(await program.output(), { out: ['to out', '', 'last'], err: ['to err'] });
});

test('of much output the first 200 lines are handed out', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'for i in {1..1000}; do echo $i; done');
  await program.exited;
  const { out } = await program.output();
  t.is(out.length, 200);
  t.is(out.at(-1), '200');
});

test('output that looks like the agent’s own lines does not deceive', async (t) => {
  const running = await agentFor(t);
  const script =
    'printf "p ask exit 99\\n= 1 x\\n. 1 0\\nready 1\\n" | tee /dev/stderr >$LAB_STEPS; exit 3';
  const program = shell(running, 'ask', script);
  t.is(await program.exited, 3);
  t.deepEqual(program.lines, ['p ask exit 99', '= 1 x', '. 1 0', 'ready 1']);
  t.deepEqual((await program.output()).err, ['p ask exit 99', '= 1 x', '. 1 0', 'ready 1']);
});

test('input reaches the program line by line, and its end ends it', async (t) => {
  const running = await agentFor(t);
  const script =
    'while IFS= read -r line; do echo "<$line>" >>$LAB_STEPS; done; echo end >>$LAB_STEPS';
  const program = shell(running, 'ask', script);
  await program.input('');
  await program.input('two words \\ *');
  await lines(program, 2);
  t.is(program.status, undefined);
  t.is((await running.agent.ask('end_input', 'ask')).status, 0);
  t.is(await program.exited, 0);
  t.deepEqual(program.lines, ['<>', '<two words \\ *>', 'end']);
});

test('the end of one program’s input ends that program’s alone', async (t) => {
  const running = await agentFor(t);
  const script = 'echo begin >$LAB_STEPS; cat; echo end >$LAB_STEPS';
  const [first, second] = [shell(running, 'first', script), shell(running, 'second', script)];
  await Promise.all([lines(first, 1), lines(second, 1)]);
  await running.agent.ask('end_input', 'first');
  await first.exited;
  t.is(second.status, undefined);
  await running.agent.ask('end_input', 'second');
  t.is(await second.exited, 0);
});

for (const [signal, status] of [
  ['KILL', 137],
  ['TERM', 143],
] as const) {
  test(`a program that a signal ${signal} ends has status ${status}`, async (t) => {
    const program = shell(await agentFor(t), 'ask', 'echo begin >$LAB_STEPS; exec cat');
    await lines(program, 1);
    await program.signal(signal);
    t.is(await program.exited, status);
  });
}

test('a signal meets the program itself, not a shell before it', async (t) => {
  const running = await agentFor(t);
  const program = shell(
    running,
    'ask',
    'trap "echo trapped >$LAB_STEPS; exit 5" TERM; echo begin >$LAB_STEPS; read',
  );
  await lines(program, 1);
  await program.signal('TERM');
  t.is(await program.exited, 5);
  t.is(program.lines.at(-1), 'trapped');
});

test('a signal to a program that has ended is no error', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'true');
  await program.exited;
  await t.notThrowsAsync(program.signal('KILL'));
});

test('the end of a program is told, though a child of its holds its steps open', async (t) => {
  const running = await agentFor(t);
  const program = shell(running, 'ask', 'sleep infinity & echo $! >$LAB_STEPS; exit 6');
  t.is(await program.exited, 6);
  const [child = ''] = program.lines;
  t.true(await isAlive(running, child));
  await program.endAll();
  await until('the end of the child', async () => !(await isAlive(running, child)) || undefined);
});

test('a program and its children are ended together', async (t) => {
  const running = await agentFor(t);
  const program = shell(running, 'ask', 'sleep infinity & echo $! >$LAB_STEPS; wait');
  const [child = ''] = await lines(program, 1);
  await program.endAll();
  t.is(await program.exited, 137);
  await until('the end of the child', async () => !(await isAlive(running, child)) || undefined);
});

test('of too many steps of a program and a child that it has left the end is told, too', async (t) => {
  const running = await agentFor(t);
  const script = 'sleep infinity & for i in {1..5000}; do echo $i; done >$LAB_STEPS; exit 3';
  const program = shell(running, 'ask', script);
  t.is(await program.exited, 3);
  t.is(program.lines.length, 1001);
  await program.endAll();
});

test('a blank line is no step', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'printf "\\none\\n\\n\\ntwo\\n\\n" >$LAB_STEPS');
  await program.exited;
  t.deepEqual(program.lines, ['one', 'two']);
});

test('a program that is not there has status 127 and says so', async (t) => {
  const { agent, folder } = await agentFor(t);
  const program = agent.start('ask', folder, ['no-such-program']);
  t.is(await program.exited, 127);
  t.regex((await program.output()).err.join(), /no-such-program: (command )?not found/);
});

test('a program whose folder is not there does not run', async (t) => {
  const { agent, folder } = await agentFor(t);
  const program = agent.start('ask', join(folder, 'none'), ['touch', join(folder, 'it-ran')]);
  t.not(await program.exited, 0);
  t.false(existsSync(join(folder, 'it-ran')));
});

test('the processor time of a program and its children is known when it has ended', async (t) => {
  const running = await agentFor(t);
  const work = 'for ((i = 0; i < 100000; i++)); do :; done';
  const [busy, parent, idle] = [
    shell(running, 'busy', work),
    shell(running, 'parent', `bash -c '${work}'; true`),
    shell(running, 'idle', 'echo begin >$LAB_STEPS; read'),
  ];
  await Promise.all([busy.exited, parent.exited, lines(idle, 1)]);
  t.is(idle.cpuMs, undefined);
  await idle.endInput();
  await idle.exited;
  for (const { name, cpuMs = -1 } of [busy, parent]) t.true(cpuMs >= 50, `${name}: ${cpuMs} ms`);
  t.true((idle.cpuMs ?? -1) >= 0);
  t.true((idle.cpuMs ?? 99) < 50, `the idle one: ${idle.cpuMs} ms`);
});

test('the processor time of a program that a signal ends is known, too', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'echo begin >$LAB_STEPS; while :; do :; done');
  await lines(program, 1);
  await program.signal('KILL');
  t.is(await program.exited, 137);
  t.true((program.cpuMs ?? -1) >= 0);
});

test('input for a program that is not there is an error, and harms nothing', async (t) => {
  const { agent } = await agentFor(t);
  t.not((await agent.ask('input', 'nobody', 'x')).status, 0);
  t.not((await agent.ask('end_input', 'nobody')).status, 0);
  t.deepEqual(await agent.run('echo', 'alive'), ['alive']);
});

test('a second program of the same name is refused', async (t) => {
  const running = await agentFor(t);
  const first = shell(running, 'ask', 'cat');
  const second = shell(running, 'ask', 'true');
  await t.throwsAsync(second.exited, { message: /^ask could not be started:/ });
  t.is(first.status, undefined);
});

const HOSTILE = [
  '',
  ' ',
  '*',
  '~',
  '$HOME',
  '`id`',
  '$(id)',
  '"double"',
  "it's",
  "'; exit 9; '",
  'a\\b',
  '{1..3}',
  '!!',
  '#',
  '-n',
  'a\tb',
  '\u0001\u001b[0m',
  'é 接続 👩‍💻',
  'x'.repeat(20_000),
];

test('hostile words reach a program as they are', async (t) => {
  const running = await agentFor(t);
  for (const [index, word] of HOSTILE.entries()) {
    const program = shell(
      running,
      `ask-${index}`,
      'printf "%s" "$1" | wc -c >$LAB_STEPS; printf "%s" "$1"',
      word,
    );
    t.is(await program.exited, 0);
    t.deepEqual(program.lines, [String(Buffer.byteLength(word))]);
    if (word.length < 1000 && word !== '') t.deepEqual((await program.output()).out, [word]);
  }
  t.is((await running.agent.run('echo', 'alive')).join(), 'alive');
});

test('a word with a line end is refused before it is sent', async (t) => {
  const { agent } = await agentFor(t);
  for (const word of ['a\nb', 'a\0b']) {
    await t.throwsAsync(() => agent.run('echo', word), {
      message: /^a word for the agent has a line end: "a\\/,
    });
  }
  t.deepEqual(await agent.run('echo', 'alive'), ['alive']);
});

test('an over-long line is cut, and the lines after it are whole', async (t) => {
  const running = await agentFor(t);
  const script = 'printf "%010000d\\nnext\\n" 0 | tee /dev/stderr >$LAB_STEPS';
  const program = shell(running, 'ask', script);
  await program.exited;
  t.deepEqual(program.lines, ['0'.repeat(3500), 'next']);
  t.deepEqual((await program.output()).err, ['0'.repeat(3500), 'next']);
});

test('an over-long line is cut by bytes: more than PIPE_BUF would not be one write', async (t) => {
  const running = await agentFor(t);
  const script = 'printf "%.0s\u63a5" {1..4000} | tee /dev/stderr >$LAB_STEPS';
  const program = shell(running, 'ask', script);
  await program.exited;
  const { err } = await program.output();
  for (const line of [program.lines[0], err[0]]) {
    t.is(line?.replace(/\ufffd+$/, ''), '\u63a5'.repeat(1166));
  }
  t.is(program.lines.length, 1);
});

test('of too many steps the first are told, and the program goes on to its end', async (t) => {
  const running = await agentFor(t);
  const script = 'for i in {1..5000}; do echo $i; done >$LAB_STEPS; echo done';
  const program = shell(running, 'ask', script);
  t.is(await program.exited, 0);
  t.is(program.lines.length, 1001);
  t.deepEqual(program.lines.slice(999), ['1000', 'more than 1000 lines: the rest is left out']);
  t.deepEqual((await program.output()).out, ['done']);
});

test('a line without an end is cut, and the program goes on to its end', async (t) => {
  const running = await agentFor(t);
  const script = 'head -c 20000000 /dev/zero | tr "\\0" x >$LAB_STEPS; exit 4';
  const program = shell(running, 'ask', script);
  t.is(await program.exited, 4);
  t.deepEqual(program.lines, ['x'.repeat(3500), 'more than 1000 lines: the rest is left out']);
});

test('null bytes are no part of a step', async (t) => {
  const program = shell(await agentFor(t), 'ask', 'printf "a\\0b\\0\\nc\\n" >$LAB_STEPS');
  await program.exited;
  t.deepEqual(program.lines, ['ab', 'c']);
});

test('what a program prints beyond the most that is handed out is not kept', async (t) => {
  const { agent, folder } = await agentFor(t);
  const script = 'head -c 50000000 /dev/zero; echo $? >$LAB_STEPS';
  const program = agent.start('ask', folder, ['bash', '-c', script]);
  t.is(await program.exited, 0);
  // The signal SIGXFSZ (25) has ended it.
  t.deepEqual(program.lines, ['153']);
  t.is(statSync(join(folder, 'scratch', 'ask.out')).size, 1024 * 1024);
});

test('lines of programs that write at once do not mix', async (t) => {
  const running = await agentFor(t);
  const script = 'for i in {1..200}; do printf "%s%01000d\\n" $0 $i; done >$LAB_STEPS';
  const programs = ['a', 'b', 'c', 'd'].map((name) => shell(running, name, script));
  await Promise.all(programs.map(({ exited }) => exited));
  for (const { name, lines: said } of programs) {
    t.is(said.length, 200);
    t.true(said.every((line, index) => line === name + String(index + 1).padStart(1000, '0')));
  }
});

test('a verb that the agent does not know is answered, and harms nothing', async (t) => {
  const { agent, folder } = await agentFor(t);
  for (const verb of ['laugh', 'eval', 'answer', 'relay_steps', 'exit', '']) {
    const { status, lines: said } = await agent.ask(verb, 'touch', join(folder, 'it-ran'));
    t.deepEqual(said, [`the agent does not know '${verb}'`]);
    t.is(status, 1);
  }
  t.false(existsSync(join(folder, 'it-ran')));
  t.deepEqual(await agent.run('echo', 'alive'), ['alive']);
});

test('a command runs to its end; its output and its status are the answer', async (t) => {
  const { agent } = await agentFor(t);
  t.deepEqual(await agent.run('printf', 'one\\n\\nthree\\n'), ['one', '', 'three']);
  await t.throwsAsync(agent.run('bash', '-c', 'echo no; echo way >&2; exit 4'), {
    message: 'on host client, `bash -c echo no; echo way >&2; exit 4` failed (4): no way',
  });
});

test('answers come in the order of the requests, each to its own', async (t) => {
  const { agent } = await agentFor(t);
  const numbers = Array.from({ length: 50 }, (_, index) => String(index));
  const order: string[] = [];
  const answers = numbers.map(async (number) => {
    const [said = ''] = await agent.run('echo', number);
    order.push(said);
    return said;
  });
  t.deepEqual(await Promise.all(answers), numbers);
  t.deepEqual(order, numbers);
});

test('sockets and counters of the kernel are told as the kernel shows them', async (t) => {
  if (process.platform !== 'linux') return t.pass('there is no /proc');
  const { agent } = await agentFor(t);
  const counters = (await agent.ask('counters')).lines;
  t.is(counters.length, 4);
  t.true(counters[0]?.startsWith('Tcp: RtoAlgorithm '));
  t.true(counters[2]?.startsWith('TcpExt: '));
  t.is((await agent.ask('sockets')).status, 0);
});

test('when its input ends, the agent ends', async (t) => {
  const { agent, child, ended } = await agentFor(t);
  child.stdin?.end();
  await ended;
  t.is(child.signalCode, null);
  await t.throwsAsync(agent.run('true'), { message: 'the agent of host client has ended' });
});

test('when the agent is killed, requests and programs under way are told', async (t) => {
  const running = await agentFor(t);
  const program = shell(running, 'ask', 'echo begin >$LAB_STEPS; exec cat');
  await lines(program, 1);
  const asked = running.agent.run('sleep', 'infinity');
  const ends = once(program, 'end');
  process.kill(-(running.child.pid ?? 0), 'SIGKILL');
  await t.throwsAsync(asked, { message: 'the agent of host client has ended' });
  await t.throwsAsync(program.exited, { message: 'the agent of host client has ended' });
  await ends;
  t.is(program.status, undefined);
});

test('a host that cannot reboot itself ends, and whoever waits for it is told', async (t) => {
  const { agent, ended } = await agentFor(t);
  await t.throwsAsync(agent.reboot().ready, { message: 'the agent of host client has ended' });
  await ended;
});

test('after a reboot another agent answers; what came before it is lost', async (t) => {
  const folder = folderWith(t);
  mkdirSync(join(folder, 'old'));
  mkdirSync(join(folder, 'new'));
  const script = inProject('runners/engines/agent/agent.sh');
  // What the old agent's host still says while it goes must not reach the programs of the new one.
  const late = 'echo "p ask step late"; echo "p ask exit 9"; echo ". 1 9"; exec "$@"';
  const words = [
    script,
    join(folder, 'old'),
    'bash',
    '-c',
    late,
    '-',
    'bash',
    script,
    join(folder, 'new'),
  ];
  const child = spawn('bash', words, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const ended = once(child, 'close');
  t.teardown(async () => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  });
  const old = new Agent('server', { input: child.stdin, output: child.stdout });
  await old.ready;
  const work = 'for ((i = 0; i < 100000; i++)); do :; done';
  const lost = shell(
    { agent: old, child, folder, ended },
    'ask',
    `${work}; echo old >$LAB_STEPS; read`,
  );
  await lines(lost, 1);
  const ends = once(lost, 'end');

  const agent = old.reboot();
  const program = shell({ agent, child, folder, ended }, 'ask', 'echo new >$LAB_STEPS; exit 3');
  await ends;
  t.true(lost.isLost);
  t.is(lost.status, undefined);
  await t.throwsAsync(lost.exited, { message: 'host server was rebooted' });
  await t.throwsAsync(old.run('true'), { message: 'host server was rebooted' });
  t.is(await program.exited, 3);
  t.deepEqual(program.lines, ['new']);
  t.is(child.pid, await agent.ready);
  // But what it has used until then is known.
  t.true((lost.cpuMs ?? -1) >= 50, `${lost.cpuMs} ms`);
});

test('many programs one after the other each have an input and steps of their own', async (t) => {
  const running = await agentFor(t);
  const names = Array.from({ length: 20 }, (_, number) => `ask-${number}`);
  const programs = names.map((name) => shell(running, name, 'read -r; echo "$REPLY" >$LAB_STEPS'));
  for (const program of programs.toReversed()) await program.input(program.name);
  await Promise.all(programs.map(({ exited }) => exited));
  for (const { name, lines: said } of programs) t.deepEqual(said, [name]);
});

test('programs that have ended take no descriptor of the agent', async (t) => {
  const running = await agentFor(t, 'ulimit -n 40');
  for (let number = 0; number < 60; number++) {
    t.is(await shell(running, `program-${number}`, ':').exited, 0);
  }
});

test('a stream is split into lines, wherever its chunks end', (t) => {
  const lines = new Lines();
  const bytes = Buffer.from('one\nzwei ü\n\nlast');
  const found = [...bytes].flatMap((byte) => lines.push(Uint8Array.of(byte)));
  t.deepEqual(found, ['one', 'zwei ü', '']);
  t.deepEqual(new Lines().push(Buffer.from([0xff, 0x0a])), ['\ufffd']);
});

test('a command that is not there, and an agent that has ended, say nothing about a lab', async (t) => {
  const { agent, child, ended } = await agentFor(t);
  await t.throwsAsync(agent.run('no-such-command'), {
    instanceOf: HostError,
    message: /^on host client, `no-such-command` failed \(127\): .*not found/,
  });
  const failed = await t.throwsAsync(agent.run('false'));
  t.false(failed instanceof HostError);
  child.kill('SIGKILL');
  await ended;
  await t.throwsAsync(agent.ask('sockets'), {
    instanceOf: HostError,
    message: 'the agent of host client has ended',
  });
});
