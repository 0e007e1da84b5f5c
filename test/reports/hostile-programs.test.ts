// Hostile programs from end to end: what they print and report breaks neither a report nor a terminal nor us.
import test, { type ExecutionContext } from 'ava';
import '../_less-patient.ts';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import { openLocalEngine } from '../../runners/engines/local/local-engine.ts';
import { labReport } from '../../runners/reports/terminal/lab-report.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { run } from '../../runners/run.ts';
import { CRASH_EXPECTED, cellOf, LANGUAGES } from '../_observation.ts';

const onLinux = process.platform === 'linux' ? test.serial : test.skip;

/** What a report may show of a program is far below it. */
const MOST_JSON = 5_000_000;

/** Lets a program in Python be the client of a lab which would pass if it told the truth. */
async function cellWith(t: ExecutionContext, client: string): Promise<CellResult> {
  const program = Buffer.from(`${CONNECTS}\n${client}`).toString('hex');
  const { run: programs } = LANGUAGES.python;
  const ask = ['python3', '-c', `exec(bytes.fromhex('${program}'))`] as const;
  const hostile: NamedLanguage = {
    ...LANGUAGES.python,
    id: 'hostile',
    run: { ...programs, ask },
  };
  const runId = `hostile-${process.pid}`;
  const engine = await openLocalEngine({ runId, capture: true, progress: () => {} });
  t.teardown(() => engine.close());
  const cell = cellOf(
    {
      expect: CRASH_EXPECTED,
      async fault({ server }) {
        await server.hasUnread();
        await server.kill('SIGKILL');
      },
    },
    { client: hostile },
  );
  const before = process.memoryUsage().rss;
  const { results } = await run([cell], engine, {
    jobs: 1,
    costOf: () => 1,
    leaveOut: new Set(),
    looking: false,
    keepPcap: async () => null,
    onResult: async () => {},
    signal: new AbortController().signal,
  });
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  t.true(grown < 300, `the orchestrator has grown by ${grown.toFixed(0)} MB`);
  const [result] = results;
  if (result === undefined) throw new Error('there is no result');
  return result;
}

/** A true client, which reports as ours do with `say`, and can say whatever else it likes. */
const CONNECTS = `
import os, socket, sys, time
def raw(data):
    while data:
        data = data[os.write(3, data):]
def say(*fields):
    raw(("\\t".join([str(time.time_ns() // 1000), *fields]) + "\\n").encode("utf-8", "surrogateescape"))
def talk(error="ConnectionResetError", message="[Errno 104] Connection reset by peer"):
    say("runtime", "ok", "3.13")
    say("connect", "begin")
    end = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    say("connect", "ok")
    say("send", "begin")
    end.sendall(b"Hello Server!\\n")
    say("send", "ok")
    say("read", "begin")
    try:
        end.recv(99)
        say("read", "eof")
    except OSError:
        say("read", "error", error, "ECONNRESET", message)
    os.close(3)
`;

const shown = (cell: CellResult, columns = 100) =>
  labReport(
    [cell],
    { columns, colour: false },
    {
      engineTitle: 'local',
      kernel: '6.18',
      showTimeline: true,
      verbose: true,
    },
  ).join('\n');

/** Nothing of it moves a cursor, begins a sequence or turns the writing; as JSON it is what it was. */
function isHarmless(t: ExecutionContext, cell: CellResult): void {
  const text = shown(cell);
  const found = text.match(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu);
  t.deepEqual([...new Set(found)], ['\n']);
  t.true(text.split('\n').every((line) => line.length < 5000));
  const json = JSON.stringify(cell);
  t.true(json.length < MOST_JSON, `${json.length} bytes of JSON`);
  t.deepEqual(JSON.parse(json), cell);
}

onLinux('a client that tells the truth passes: what follows fails for what it adds', async (t) => {
  const cell = await cellWith(t, 'talk()');
  t.is(cell.verdict, 'pass', cell.reason);
  isHarmless(t, cell);
});

const SEQUENCES = [
  // Clears, moves, colours; title and clipboard; bracketed paste; C1 controls; another direction; unseen.
  ...['\u001b[2J\u001b[1;1H', '\u001b[31m', '\u001b]0;owned\u0007', '\u001b]52;c;b3duZWQ=\u0007'],
  ...[
    '\u001b[200~rm -rf /\u001b[201~',
    '\u009b31m\u009d0;x\u009c',
    '\u202eesrever\u202c',
    '\u200b',
  ],
  ...['<script>alert(1)</script>', ']]>', '| a | `b` |', '"\\u0000', '\r\n\u2028'],
].join(' ');

onLinux('control sequences in steps and in output come to a report as text', async (t) => {
  const text = JSON.stringify(SEQUENCES.replaceAll(/\r\n/g, ' '));
  const cell = await cellWith(
    t,
    `text = ${text}\nprint(text); print(text, file=sys.stderr); talk(text, text)`,
  );
  t.is(cell.verdict, 'fail');
  isHarmless(t, cell);
  t.regex(shown(cell), /\\x1b\]52;c;/);
  const [client] = cell.outputs.filter(({ role }) => role === 'client');
  // In JSON it is as it was printed, for whoever wants to know.
  t.true(client?.out.join('\n').includes('\u001b]52;c;b3duZWQ=\u0007'));
});

onLinux('steps that are printed count for nothing', async (t) => {
  const cell = await cellWith(
    t,
    `for line in ["1\\tconnect\\tbegin", "p client-1 exit 0", ". 1 0", "= 1 x", "ready 1"]:
    print(line); print(line, file=sys.stderr)
sys.stdout.flush()
talk()`,
  );
  t.is(cell.verdict, 'pass', cell.reason);
  isHarmless(t, cell);
});

for (const [what, line] of [
  ['an answer of the agent', '. 1 0'],
  ['the end of a program', 'p client-04-crash-server-python-python-1-1 exit 0'],
  ['a step of another program', 'p server-04-crash-server-python-python-1-1 step 1\\tread\\tok'],
  ['a new agent', 'ready 1'],
  ['bytes that are no text', '\\xff\\xfe\\x00\\xc3('],
] as const) {
  onLinux(`${what} among the steps is no step, and fails`, async (t) => {
    const cell = await cellWith(t, `raw(b"${line}\\n")\ntalk()`);
    t.is(cell.verdict, 'fail');
    t.regex(cell.reason, /steps in the documented format/);
    isHarmless(t, cell);
  });
}

onLinux('thousands of steps are a fail, and are not kept', async (t) => {
  const cell = await cellWith(
    t,
    'for i in range(5000): say("pause", "begin"); say("pause", "ok")\ntalk()',
  );
  t.is(cell.verdict, 'fail');
  isHarmless(t, cell);
});

for (const [where, fd] of [
  ['standard output', 1],
  ['standard error', 2],
  ['the steps', 3],
] as const) {
  onLinux(`10 MB on ${where} without a line end are not kept, and never pass`, async (t) => {
    t.timeout(240_000);
    const cell = await cellWith(t, `for i in range(10): os.write(${fd}, b"x" * 1000000)\ntalk()`);
    t.not(cell.verdict, 'pass');
    isHarmless(t, cell);
  });
}

onLinux('a flood of segments is not kept, and never passes', async (t) => {
  t.timeout(240_000);
  const cell = await cellWith(
    t,
    `for i in range(12000):
    end = socket.socket(); end.setblocking(False)
    try: end.connect((sys.argv[1], 9))
    except OSError: pass
    end.close()
talk()`,
  );
  t.not(cell.verdict, 'pass');
  t.is(cell.evidence.packets, 'unavailable', cell.reason);
  isHarmless(t, cell);
});
