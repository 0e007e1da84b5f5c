import test from 'ava';
import * as v from 'valibot';
import { ERRNOS } from '../../runners/catalog/errno.ts';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import {
  firstProblem,
  LAB_FRAME,
  LANGUAGE_SCHEMA,
  STORY_SCHEMA,
} from '../../runners/catalog/schema.ts';
import { STEP_NAMES } from '../../runners/evidence/steps.ts';
import { CRASH_DEFINITION, CRASH_EXPECTED, LANGUAGES, LINK } from '../_observation.ts';

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

const { causes: _causes, ...story } = CRASH_DEFINITION;
/** As it stands in its folder. */
function written(named: NamedLanguage): object {
  const { name: _, of: __, folder: ___, id: ____, runtime: _____, version: ______, ...own } = named;
  return own;
}

const language = written(LANGUAGES.java);
const DIFFERENCE = {
  ...{ lab: 'crash-server', as: 'client', because: 'it reads unasked', link: LINK },
  expect: CRASH_EXPECTED,
};
const PRINTED = { at: 'read', means: 'EOF', type: 'Error', message: 'hang up', note: 'It is.' };
const ALTERNATIVE = { outcome: 'in time', because: 'so', ...CRASH_EXPECTED };
const ALTERNATIVES = [ALTERNATIVE, { ...ALTERNATIVE, outcome: 'too late' }];

test('a story as it should be has no problem', (t) => {
  for (const more of [
    {},
    { fault: async () => {}, ways: { 'some other': CRASH_EXPECTED } },
    { server: 'none' },
    { server: { program: 'server-graceful' } },
    { server: { program: 'server-limits', behaviour: 'shed' } },
    { client: { program: 'ask-twice', arguments: ['one', 'two'] } },
    { topology: 'proxied', balancer: { idleMs: 300 }, needs: ['haproxy', 'nft'] },
    { sysctls: { client: { 'net.ipv4.tcp_retries2': 1 }, router: {} } },
    { expect: ALTERNATIVES, prepare: async () => {}, ready: async () => {} },
    { ways: { 'some other': ALTERNATIVES } },
  ]) {
    t.is(problem(STORY_SCHEMA, { ...story, ...more }), undefined, JSON.stringify(more));
  }
});

test('an expectation of a balancer, of several resets and of several reasons has no problem', (t) => {
  const { client } = CRASH_EXPECTED;
  const reset = { from: 'balancer', answers: 'keepalive', by: 'middlebox' };
  const reason = { from: 'balancer', is: ['NO_SOCKET', 'TCP_FLAGS'] };
  for (const expect of [
    {
      client: ['connect ok', 'read blocked', 'read TIMEOUT', 'validate eof', 'send SIGPIPE'],
      packets: { rst: [reset, { from: 'client' }], fin: 'balancer' },
      kernel: { client: {}, server: {}, balancer: { OutRsts: 1 }, reason: [reason, reason] },
    },
    {
      client,
      packets: { rst: 'none', fin: 'none' },
      kernel: { client: { EstabResets: 'some' }, server: {}, reason: 'received only' },
    },
  ]) {
    t.is(problem(STORY_SCHEMA, { ...story, expect }), undefined);
  }
});

test('the frame of a lab leaves what its stories say to them', (t) => {
  const frame = { title: 'x', causes: ['idle', 'closed'] };
  t.is(
    problem(LAB_FRAME, { ...frame, topology: 7, variants: { a: {} }, cures: { b: {} } }),
    undefined,
  );
  t.is(problem(LAB_FRAME, { title: 'x' }), '`causes` is missing');
  t.is(problem(LAB_FRAME, { ...frame, causes: [] }), '`causes` is []: write at least one cause');
  t.is(
    problem(LAB_FRAME, { ...frame, causes: ['bad luck'] }),
    '`causes.0` is "bad luck": write "control" or "crash" or "firewall" or "closed" or "idle" or "protocol" or "resources"',
  );
});

test('each language as it should be has no problem', (t) => {
  for (const one of Object.values(LANGUAGES))
    t.is(problem(LANGUAGE_SCHEMA, written(one)), undefined);
  const { ask, ...run } = LANGUAGES.java.run;
  const flavour = { title: 'Java, otherwise', run, lacks: { ask: 'so' }, faces: {} };
  for (const more of [
    { differs: [DIFFERENCE, { ...DIFFERENCE, variant: 'one', cure: 'two', with: ['node'] }] },
    { differs: [{ ...DIFFERENCE, as: 'server', expect: ALTERNATIVES }] },
    { differs: [{ ...DIFFERENCE, expect: 'some other' }] },
    { surprises: [{ what: 'hides a reset', says: 'It does.', labs: ['abort'] }] },
    { lacks: { 'server tls': 'so' }, flavours: { other: flavour } },
    { marks: [/Exception in thread/], printed: [PRINTED, { ...PRINTED, errno: 'ECONNRESET' }] },
    { run, lacks: { ask: 'so' } },
  ]) {
    t.is(problem(LANGUAGE_SCHEMA, { ...language, ...more }), undefined, JSON.stringify(more));
  }
});

const SERVER =
  '"none", { behaviour: "reply", "close", "abort", "never-read", "never-reply", "late-reply", "early-reply", "slow-reply", "serve", "leak", "accept-leak", "grow", "read-grow", "tls" }, { program: "server-graceful" } or { program: "server-limits", behaviour: "reserve" or "shed" }';
const RST =
  '"none" or { from: "client", "server" or "balancer", kind?, answers?, by? }, or a list of these';
const REASON =
  '"none", "received only" or { from: "client", "server" or "balancer", is: "…" }, or a list of these';
const OUTCOME = `a step and its outcome, "read ECONNRESET" say: ${STEP_NAMES.join(', ')}; ok, eof, blocked, ${ERRNOS.join(', ')}, SIGPIPE`;

for (const [path, value, message] of [
  ['title', undefined, '`title` is missing'],
  ['title', '', '`title` is "": write a sentence'],
  ['title', 7, '`title` is 7: write a text'],
  ['titel', 'x', '`titel` is not a key that is known here: remove it'],
  ['causes', ['crash'], '`causes` is not a key that is known here: remove it'],
  ['topology', 'ring', '`topology` is "ring": write "direct" or "routed" or "proxied"'],
  ['server', { behaviour: 'laugh' }, `\`server\` is {"behaviour":"laugh"}: write ${SERVER}`],
  [
    'server',
    { program: 'server-limits' },
    `\`server\` is {"program":"server-limits"}: write ${SERVER}`,
  ],
  [
    'client.program',
    'nc',
    '`client.program` is "nc": write "ask" or "ask-twice" or "ask-all" or "ask-pooled" or "ask-tls" or "ask-keepalive" or "ask-retry" or "ask-heartbeat" or "ask-validated"',
  ],
  ['client.arguments', 'x', '`client.arguments` is "x": write a list'],
  [
    'needs',
    ['luck'],
    '`needs.0` is "luck": write "nft" or "conntrack" or "ss" or "haproxy" or "raw-sockets" or "memory-limit"',
  ],
  [
    'sysctls',
    { proxy: {} },
    '`sysctls.proxy` is not a key that is known here: write "client" or "router" or "balancer" or "server"',
  ],
  ['sysctls', { client: { a: 0.5 } }, '`sysctls.client.a` is 0.5: write a whole number'],
  ['balancer', { idleMs: 0.5 }, '`balancer.idleMs` is 0.5: write a whole number'],
  ['prepare', 'now', '`prepare` is "now": write a function'],
  ['ready', 7, '`ready` is 7: write a function'],
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
    `\`expect.packets.rst\` is {"from":"router"}: write ${RST}`,
  ],
  ['expect.packets.rst', [], `\`expect.packets.rst\` is []: write ${RST}`],
  [
    'expect.packets.rst',
    { from: 'server', by: 'magic' },
    `\`expect.packets.rst\` is {"from":"server","by":"magic"}: write ${RST}`,
  ],
  [
    'expect.packets.fin',
    'all',
    '`expect.packets.fin` is "all": write "none" or "client" or "server" or "balancer" or "both"',
  ],
  [
    'expect.kernel.server',
    { OutRst: 1 },
    '`expect.kernel.server.OutRst` is not a key that is known here: write "OutRsts" or "EstabResets" or "AttemptFails" or "TCPAbortOnData" or "TCPAbortOnClose" or "TCPAbortOnMemory" or "TCPAbortOnTimeout" or "TCPAbortOnLinger" or "TCPAbortFailed" or "EmbryonicRsts" or "ListenOverflows" or "TCPChallengeACK"',
  ],
  [
    'expect.kernel.server',
    { OutRsts: 0 },
    '`expect.kernel.server.OutRsts` is 0: write a whole number from 1, or "some"',
  ],
  [
    'expect.kernel.server',
    { OutRsts: 1.5 },
    '`expect.kernel.server.OutRsts` is 1.5: write a whole number from 1, or "some"',
  ],
  ['expect.kernel.reason', 'NO_SOCKET', `\`expect.kernel.reason\` is "NO_SOCKET": write ${REASON}`],
  [
    'expect.kernel.reason',
    { from: 'server', is: ['NO_SOCKET'] },
    '`expect.kernel.reason.is` is ["NO_SOCKET"]: write two names or more',
  ],
  ['expect.kernel.reason', [], `\`expect.kernel.reason\` is []: write ${REASON}`],
  [
    'expect.kernel.balancer',
    { OutRsts: 0 },
    '`expect.kernel.balancer.OutRsts` is 0: write a whole number from 1, or "some"',
  ],
  ['expect', [ALTERNATIVE], /^`expect` is \[.+…: write two or more alternatives$/],
  ['expect', [ALTERNATIVE, CRASH_EXPECTED], '`expect.1.outcome` is missing'],
  [
    'expect',
    [ALTERNATIVE, { ...ALTERNATIVE, client: [] }],
    '`expect.1.client` is []: write at least one step',
  ],
  ['expect.outcome', 'x', '`expect.outcome` is not a key that is known here: remove it'],
  [
    'expect',
    [ALTERNATIVE, { ...ALTERNATIVE, because: 'another' }],
    /^`expect` is \[.+…: write alternatives, each with an `outcome` of its own$/,
  ],
] as readonly (readonly [string, unknown, string | RegExp])[]) {
  test(`a story is refused: ${message}`, (t) => {
    const told = problem(STORY_SCHEMA, withPart(story, path, value)) ?? 'nothing';
    if (typeof message === 'string') t.is(told, message);
    else t.regex(told, message);
  });
}

test('what is no lab at all is told as such', (t) => {
  t.is(problem(LAB_FRAME, undefined), 'the default export is missing: write an object');
  t.is(problem(LAB_FRAME, 'hello'), 'the default export is "hello": write an object');
});

/** The end of a message that shows much of the value. */
const ALL = /: write each program either in `run` or, with the reason, in `lacks`: ask, /;

for (const [path, value, message] of [
  ['run.server', undefined, ALL],
  ['lacks', { ask: 'there it is' }, ALL],
  ['seen', [], '`seen` is []: write the versions with which its faces were seen'],
  ['marks', ['Errno::'], '`marks.0` is "Errno::": write a regular expression'],
  ['printed', [{ ...PRINTED, means: undefined }], /^`printed.0.means` is missing/],
  [
    'printed',
    [{ ...PRINTED, means: 'ERESET' }],
    `\`printed.0.means\` is "ERESET": write ${ERRNOS.map((name) => `"${name}"`).join(' or ')}`,
  ],
  ['printed', [{ ...PRINTED, errno: null }], /^`printed.0.errno` is null: write "/],
  [
    'printed',
    [{ ...PRINTED, step: 'read' }],
    '`printed.0.step` is not a key that is known here: remove it',
  ],
  ['differs', { node: DIFFERENCE }, /^`differs` is \{.+: write a list$/],
  [
    'differs',
    [{ ...DIFFERENCE, because: undefined }],
    '`differs.0.because` is missing: write a text',
  ],
  ['differs', [{ ...DIFFERENCE, link: undefined }], '`differs.0.link` is missing: write a text'],
  ...[
    'it is known',
    'http://example.org/',
    'https://',
    'https://example.org/a b',
    'https://example.org/)',
    'https://example.org/`',
    'https://example.org/<b>',
  ].map((link) => [
    'differs',
    [{ ...DIFFERENCE, link }],
    `\`differs.0.link\` is ${JSON.stringify(link)}: write an https address that shows the cause`,
  ]),
  [
    'differs',
    [{ ...DIFFERENCE, expect: [] }],
    '`differs.0.expect` is []: write two or more alternatives',
  ],

  ['run.ask', [], '`run.ask` is []: write a command'],
  ['toolchain.debian', '', '`toolchain.debian` is "": write a sentence'],
  [
    'faces.read',
    { ECONRESET: { type: 'E', errno: null, message: '' } },
    `\`faces.read.ECONRESET\` is not a key that is known here: write ${ERRNOS.map((errno) => `"${errno}"`).join(' or ')}`,
  ],
  ['faces.read', { EPIPE: { type: 'E', message: '' } }, '`faces.read.EPIPE.errno` is missing'],
  ['versions.0.name', 'v17', '`versions.0.name` is "v17": write numbers with dots between them'],
  [
    'versions.0.image',
    'default',
    /^`versions` is \[.*: write versions of which exactly one has the image "default"$/,
  ],
] as readonly (readonly [string, unknown, string | RegExp])[]) {
  test(`a language whose ${path} is ${(JSON.stringify(value) ?? 'missing').slice(0, 300)} is refused: what to write is told`, (t) => {
    const told = problem(LANGUAGE_SCHEMA, withPart(language, path, value)) ?? 'nothing';
    if (typeof message === 'string') t.is(told, message);
    else t.regex(told, message);
  });
}

test('no problem is told where there is none', (t) => {
  t.is(firstProblem([]), undefined);
});
