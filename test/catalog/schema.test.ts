import test from 'ava';
import * as v from 'valibot';
import { firstProblem, LAB_SCHEMA, LANGUAGE_SCHEMA } from '../../runners/catalog/schema.ts';
import { CRASH, LANGUAGES } from '../_observation.ts';

/** A value whose parts can be replaced by their path, `expect.packets.fin`. */
type Tree = { [key: string]: Tree };

function withPart(whole: object, path: string, value: unknown): unknown {
  const copy = structuredClone(whole) as Tree;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let part = copy;
  for (const key of keys) part = part[key] as Tree;
  if (value === undefined) delete part[last];
  else part[last] = value as Tree;
  return copy;
}

function problem(schema: v.GenericSchema, value: unknown): string | undefined {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? undefined : firstProblem(parsed.issues);
}

const { number: _number, name: _name, ...lab } = CRASH;
const { name: _language, folder: _folder, ...language } = LANGUAGES.java;
const DIFFERS = { node: { because: 'it reads unasked', expect: CRASH.expect } };

test('a lab as it should be has no problem', (t) => {
  t.is(problem(LAB_SCHEMA, lab), undefined);
  t.is(problem(LAB_SCHEMA, { ...lab, fault: async () => {}, differs: DIFFERS }), undefined);
  t.is(problem(LAB_SCHEMA, { ...lab, server: 'none' }), undefined);
});

test('each language as it should be has no problem', (t) => {
  for (const { name: _, folder: __, ...one } of Object.values(LANGUAGES)) {
    t.is(problem(LANGUAGE_SCHEMA, one), undefined);
  }
});

const OUTCOME =
  'a step and its outcome, "read ECONNRESET" say: connect, send, pause, read, close, listen, accept, wait, abort; ok, eof, ECONNREFUSED, ECONNRESET, ECONNABORTED, EPIPE, ETIMEDOUT, EHOSTUNREACH';

for (const [path, value, message] of [
  ['title', undefined, '`title` is missing'],
  ['title', '', '`title` is "": write a sentence'],
  ['title', 7, '`title` is 7: write a text'],
  ['titel', 'x', '`titel` is not a key that is known here: remove it'],
  [
    'cause',
    'bad luck',
    '`cause` is "bad luck": write "control" or "crash" or "firewall" or "closed" or "idle" or "protocol" or "resources"',
  ],
  ['topology', 'routed', '`topology` is "routed": write "direct"'],
  [
    'server',
    { behaviour: 'laugh' },
    '`server` is {"behaviour":"laugh"}: write "none" or { behaviour: "reply", "close", "abort", "never-read", "never-reply" }',
  ],
  ['client.program', 'nc', '`client.program` is "nc": write "ask" or "ask-twice"'],
  ['client.program', 'ask-twice', '`client.messages` is missing'],
  ['fault', 'kill it', '`fault` is "kill it": write a function'],
  ['expect', undefined, '`expect` is missing'],
  ['expect.client', [], '`expect.client` is []: write at least one step'],
  [
    'expect.client',
    ['read ECONRESET'],
    `\`expect.client.0\` is "read ECONRESET": write ${OUTCOME}`,
  ],
  ['expect.client', ['reed ok'], `\`expect.client.0\` is "reed ok": write ${OUTCOME}`],
  ['expect.client', ['read ok ok'], `\`expect.client.0\` is "read ok ok": write ${OUTCOME}`],
  ['expect.client', ['read'], `\`expect.client.0\` is "read": write ${OUTCOME}`],
  [
    'expect.packets.rst',
    { from: 'router' },
    '`expect.packets.rst` is {"from":"router"}: write "none" or { from: "client" or "server", kind?, answers? }',
  ],
  [
    'expect.packets.fin',
    'all',
    '`expect.packets.fin` is "all": write "none" or "client" or "server" or "both"',
  ],
  [
    'expect.kernel.server',
    { OutRst: 1 },
    '`expect.kernel.server.OutRst` is not a key that is known here: write "OutRsts" or "EstabResets" or "AttemptFails" or "TCPAbortOnData" or "TCPAbortOnClose" or "TCPAbortOnMemory" or "TCPAbortOnTimeout" or "TCPAbortOnLinger" or "TCPAbortFailed" or "EmbryonicRsts" or "ListenOverflows" or "TCPChallengeACK"',
  ],
  ['expect.kernel.server', { OutRsts: 0 }, '`expect.kernel.server.OutRsts` is 0: write 1 or more'],
  [
    'expect.kernel.server',
    { OutRsts: 1.5 },
    '`expect.kernel.server.OutRsts` is 1.5: write a whole number',
  ],
  [
    'expect.kernel.reason',
    'NO_SOCKET',
    '`expect.kernel.reason` is "NO_SOCKET": write "none" or { from: "client" or "server", is: "…" }',
  ],
  ['differs', { node: { expect: CRASH.expect } }, '`differs.node.because` is missing'],
] as const) {
  test(`a lab whose ${path} is ${JSON.stringify(value) ?? 'missing'} is refused: what to write is told`, (t) => {
    t.is(problem(LAB_SCHEMA, withPart(lab, path, value)), message);
  });
}

test('what is no lab at all is told as such', (t) => {
  t.is(problem(LAB_SCHEMA, undefined), 'the default export is missing: write an object');
  t.is(problem(LAB_SCHEMA, 'hello'), 'the default export is "hello": write an object');
});

for (const [path, value, message] of [
  ['run.server', undefined, '`run.server` is missing'],
  ['run.ask', [], '`run.ask` is []: write a command'],
  ['toolchain.debian', '', '`toolchain.debian` is "": write a sentence'],
  [
    'faces.read',
    { ECONRESET: { type: 'E', errno: null, message: '' } },
    '`faces.read.ECONRESET` is not a key that is known here: write "ECONNREFUSED" or "ECONNRESET" or "ECONNABORTED" or "EPIPE" or "ETIMEDOUT" or "EHOSTUNREACH"',
  ],
  ['faces.read', { EPIPE: { type: 'E', message: '' } }, '`faces.read.EPIPE.errno` is missing'],
] as const) {
  test(`a language whose ${path} is ${JSON.stringify(value) ?? 'missing'} is refused: what to write is told`, (t) => {
    t.is(problem(LANGUAGE_SCHEMA, withPart(language, path, value)), message);
  });
}

test('no problem is told where there is none', (t) => {
  t.is(firstProblem([]), undefined);
});
