import test from 'ava';
import { commandsOf, serverProgram } from '../../runners/catalog/programs.ts';

const client = { program: 'ask' } as const;

test('a client is told its peer, and then what the lab says', (t) => {
  const server = { behaviour: 'reply' } as const;
  t.deepEqual(commandsOf({ client, server }, '192.0.2.2', 20_004).client, {
    program: 'ask',
    words: ['192.0.2.2', '20004'],
  });
  const asksTwice = { program: 'ask-twice', arguments: ['Hello Server!', ''] } as const;
  t.deepEqual(commandsOf({ client: asksTwice, server }, 'fd09::2', 20_004).client, {
    program: 'ask-twice',
    words: ['fd09::2', '20004', 'Hello Server!', ''],
  });
});

for (const [server, program, words] of [
  [{ behaviour: 'never-read' }, 'server', ['20004', 'never-read']],
  [{ program: 'server-graceful' }, 'server-graceful', ['20004']],
  [{ program: 'server-limits', behaviour: 'shed' }, 'server-limits', ['20004', 'shed']],
  ['none', 'server', ['20004']],
] as const) {
  test(`the server ${JSON.stringify(server)} is ${program} ${words.join(' ')}`, (t) => {
    t.deepEqual(commandsOf({ client, server }, '192.0.2.2', 20_004).server, {
      program,
      words: [...words],
    });
    t.is(serverProgram(server), program);
  });
}
