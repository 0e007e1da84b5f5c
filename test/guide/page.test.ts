import test from 'ava';
import { casesOf, shownBy } from '../../runners/guide/cases.ts';
import { entriesOf } from '../../runners/guide/entries.ts';
import { guideParts } from '../../runners/guide/page.ts';
import { CRASH, CRASH_EXPECTED, LINK } from '../_observation.ts';
import { entryOf, languageOf } from './_entries.ts';

const RACE = {
  ...{ ...CRASH, number: '05', name: 'race', why: 'nobody knows' },
  expect: {
    ...CRASH_EXPECTED,
    packets: { rst: { from: 'server', by: 'middlebox' }, fin: 'none' },
    kernel: { ...CRASH_EXPECTED.kernel, reason: 'received only' },
  },
} as const;
const LUA = languageOf('lua', {
  title: 'Lua',
  seen: ['5.4'],
  lacks: { 'ask-tls': 'it has no TLS', 'server tls': 'it has no TLS' },
  faces: {
    read: { ECONNRESET: { type: 'Reset', errno: null, message: 'by {address}', note: 'so it is' } },
    send: { ECONNRESET: { type: 'Reset', errno: null, message: 'on fd {number}' } },
  },
  printed: [{ at: 'read', means: 'EOF', type: 'Error', message: 'hang up', note: 'a FIN came' }],
  surprises: [{ what: 'acts unasked', says: 'it reads', labs: ['race'], link: LINK }],
});
const ASYNC = { ...LUA, name: 'lua.async', title: 'Lua, async', surprises: [] };

const languages = [LUA, ASYNC];
const entries = entriesOf([CRASH, RACE], languages, [languageOf('server', { faces: {} })]);
const parts = guideParts(entries, languages, [CRASH, RACE]);

test('an errno has its texts, and the labs with what tells them apart', (t) => {
  t.deepEqual(parts.errnos, [
    '### ECONNRESET',
    '',
    parts.errnos[2],
    '',
    '| text | shown by, at | note |',
    '|---|---|---|',
    '| `Reset: by ADDRESS` | lua: read; lua.async: read | So it is. |',
    '| `Reset: on fd N` | lua: send; lua.async: send |  |',
    '',
    "| lab | at | packets | the kernel's reason | why |",
    '|---|---|---|---|---|',
    '| [04 crash-server](../labs/04-crash-server/README.md) | read | RST from server | server: `TCP_ABORT_ON_CLOSE` | Unread data, so RST, not FIN. |',
    '| [05 race](../labs/05-race/README.md) | read | RST in the name of the server | no host has sent the RST | Nobody knows. |',
  ]);
  t.regex(parts.errnos[2] ?? '', /^A RST arrived on a connection that stood/);
});

test('an errno without notes needs no column for them, and may be met in no lab', (t) => {
  const alone = [entryOf('lua: connect EHOSTUNREACH', 'Unreachable: no way')];
  const { errnos } = guideParts(alone, [], []);
  t.deepEqual(errnos.slice(4), [
    '| text | shown by, at |',
    '|---|---|',
    '| `Unreachable: no way` | lua: connect |',
    '',
    'No lab ends so for a client.',
  ]);
});

test('a text leads to its errnos and labs', (t) => {
  t.deepEqual(parts.texts, [
    '| text | shown by | errno | labs |',
    '|---|---|---|---|',
    '| `Reset: by ADDRESS` | lua, lua.async | ECONNRESET | [04](../labs/04-crash-server/README.md) [05](../labs/05-race/README.md) |',
    '| `Reset: on fd N` | lua, lua.async | ECONNRESET | none |',
  ]);
});

test('what no lab holds stands apart', (t) => {
  t.deepEqual(parts.printed, [
    '| text | printed by, at | means | note |',
    '|---|---|---|---|',
    '| `Error: hang up` | lua: read | EOF | A FIN came. |',
  ]);
  t.false([...parts.errnos, ...parts.texts].some((line) => line.includes('hang up')));
});

test('surprises lead to their sources and labs', (t) => {
  t.deepEqual(parts.surprises, [
    '### Lua (`lua`)',
    '',
    `- **acts unasked**: It reads. ([source](${LINK})) Seen in [05 race](../labs/05-race/README.md).`,
  ]);
});

test('languages tell with what they were seen and what they have not', (t) => {
  t.deepEqual(parts.languages.slice(2), [
    '| Lua | `lua` | 5.4 | `ask-tls`, `server tls`: it has no TLS |',
    '| Lua, async (flavour) | `lua.async` | 5.4 | `ask-tls`, `server tls`: it has no TLS |',
  ]);
});

test('each story is told once for each step, plain ones before cures', (t) => {
  const [shown] = entriesOf([CRASH], [LUA], [LUA])[0]?.shownIn ?? [];
  if (!shown) return t.fail('not shown');
  const cured = { ...shown, story: { ...CRASH, cure: 'retry' } };
  const read = entryOf('lua: read ECONNRESET', 'Reset: read', { shownIn: [cured, shown, shown] });
  const wait = entryOf('lua: wait ECONNRESET', 'Reset: wait', { shownIn: [shown] });
  t.deepEqual(
    casesOf([read, wait]).map(({ story, at }) => `${story.cure} ${at}`),
    ['null read', 'null wait', 'retry read'],
  );
});

test('those who show a text are named once, with their steps', (t) => {
  const all = [
    entryOf('lua: read ECONNRESET', 'Reset'),
    entryOf('ruby: read ECONNRESET', 'Reset', { version: '3.1' }),
    entryOf('lua: wait ECONNRESET', 'Reset'),
    entryOf('lua: wait EOF', 'Reset'),
  ];
  t.is(shownBy(all), 'lua: read, wait; ruby@3.1: read');
});
