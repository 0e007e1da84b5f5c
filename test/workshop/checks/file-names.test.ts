import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { withOwnNames } from '../../../runners/workshop/checks/file-names.ts';
import { COPIES } from '../../../runners/workshop/checks/overlay.ts';

const FOLDER = 'python.yours-0123456789ab/labs/programs/python';

test('a traceback names the file that was edited, not its copy', (t) => {
  const path = join(COPIES, FOLDER, 'ask.py');
  t.is(withOwnNames(`  File "${path}", line 8, in ask`), '  File "ask.py", line 8, in ask');
  const url = pathToFileURL(join(COPIES, FOLDER, 'ask.js')).href;
  t.is(withOwnNames(`    at ask (${url}:8:3)`), '    at ask (ask.js:8:3)');
  t.is(withOwnNames(`${path} ${url} ${path}`), 'ask.py ask.js ask.py');
});

test('what else a program says stays as it is', (t) => {
  for (const line of [
    'Connected to 198.18.0.2:7.',
    '  File "/usr/lib/python3.13/socket.py", line 8, in connect',
    `${COPIES} is a folder`,
    `${COPIES}/python.yours-0123456789ab/docker/python/Dockerfile`,
    '',
  ]) {
    t.is(withOwnNames(line), line);
  }
});
