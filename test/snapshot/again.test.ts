import test from 'ava';
import { againOf, parseAgain } from '../../runners/snapshot/again.ts';
import { makeCommandLine, RUN } from './_snapshots.ts';

const again = (command: string, engines = RUN.engines) =>
  againOf({ command, engines }, makeCommandLine);
const LOCAL = ['--engine', 'local'];

for (const [command, words] of [
  ['npm run lab -- crash-server', ['lab', 'crash-server', ...LOCAL]],
  [
    'npm run lab crash-server -- --client java',
    ['lab', 'crash-server', '--client', 'java', ...LOCAL],
  ],
  // The engine that it was in, whatever was asked for.
  ['npm run lab -- hello --engine=auto', ['lab', 'hello', ...LOCAL]],
  [
    "npm run lab -- hello --junit 'my report.xml' --json --results=/x --name a --repeat 3 --verbose",
    ['lab', 'hello', '--repeat', '3', ...LOCAL],
  ],
  ['npm run lab -- --cause crash', ['lab', '--cause', 'crash', ...LOCAL]],
  [
    'npm run check 04 -- --language python --exercise retry',
    ['check', '04', '--language', 'python', '--exercise', 'retry', ...LOCAL],
  ],
] as const) {
  test(`repeated elsewhere: ${command}`, (t) => {
    t.deepEqual(again(command), { again: [...words], whyNot: null });
  });
}

for (const [command, whyNot] of [
  ['npm run verify -- --jobs 2', '`npm run verify` is not run again'],
  ['npm run merge -- a b', '`npm run merge` is not run again'],
  ['npm run lab -- hello --labs /srv/labs', '--labs is not for others'],
  ['npm run lab -- hello --no-such', "unknown option '--no-such'"],
  ['npm run lab', 'it names no lab'],
  ['rm -rf x', 'it is no command of npm'],
] as const) {
  test(`not repeated: ${command}`, (t) => {
    t.deepEqual(again(command), { again: null, whyNot });
  });
}

for (const [words, message] of [
  [['lab', 'hello', '--results', '/x'], /^--results is not for others$/],
  [['lab', 'hello', '--junit=x'], /^--junit is not for others$/],
  [['lab', 'hello', '--summary', 'x'], /^--summary is not for others$/],
  [['lab', 'hello', '--labs', 'x'], /^--labs is not for others$/],
  [['lab', '--help'], /outputHelp/],
  [['lab', 'hello', '--repeat', '-1'], /whole number/],
  [['clean'], /^`npm run clean` is not run again$/],
  [['snapshot', '--open', 'x', '--rerun'], /^`npm run snapshot` is not run again$/],
  [['--help'], /is not run again$/],
  [['check', '04', '--json'], /^--json is not for others$/],
  [['check'], /missing required argument/],
] as const) {
  test(`a stranger's command: ${words.join(' ')}`, (t) => {
    t.throws(() => parseAgain(words, makeCommandLine), { message });
  });
}

test("the kit's own parser makes options of the words", (t) => {
  const words = ['lab', '4', 'hello', '--client', 'java,node', '--ip', '6', '--without', 'packets'];
  const asked = parseAgain(words, makeCommandLine);
  t.like(asked, {
    command: 'lab',
    names: ['4', 'hello'],
    options: { client: ['java', 'node'], ip: 6, without: new Set(['packets']), repeat: 1 },
  });
});
