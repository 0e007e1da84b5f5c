import test from 'ava';
import {
  anyForwardRule,
  dropRule,
  forwardRule,
  NO_RULES,
  RULES,
} from '../../runners/cell/firewall.ts';

const port = 20_004;

for (const [side, hook, segments, rule] of [
  ['server', 'input', 'all', 'input iifname eth0 tcp dport 20004 drop'],
  ['server', 'output', 'all', 'output tcp sport 20004 drop'],
  ['client', 'input', 'all', 'input iifname eth0 tcp sport 20004 drop'],
  ['client', 'output', 'all', 'output tcp dport 20004 drop'],
  ['server', 'output', 'FIN', 'output tcp sport 20004 tcp flags & fin == fin drop'],
  [
    'server',
    'input',
    'ACK without SYN',
    'input iifname eth0 tcp dport 20004 tcp flags & (syn | ack) == ack drop',
  ],
] as const) {
  test(`${segments} at the ${hook} of the ${side}: the port is the server’s`, (t) => {
    t.is(dropRule({ hook, segments, side, port }), `add rule inet reset_labs ${rule}`);
  });
}

test('what a host sends to itself is never dropped when it arrives', (t) => {
  for (const side of ['client', 'server'] as const) {
    t.regex(dropRule({ hook: 'input', segments: 'all', side, port }), / iifname eth0 /);
  }
});

test('a router’s rule meets what goes to the server, or what comes from it', (t) => {
  t.is(
    forwardRule(port, 'drop', 'ct state invalid ', 'sport'),
    'add rule inet reset_labs forward tcp sport 20004 ct state invalid drop',
  );
  t.is(
    forwardRule(port, 'reject with tcp reset'),
    'add rule inet reset_labs forward tcp dport 20004 reject with tcp reset',
  );
  t.is(
    forwardRule(port, 'drop', 'ct state invalid '),
    'add rule inet reset_labs forward tcp dport 20004 ct state invalid drop',
  );
  t.is(anyForwardRule('accept'), 'add rule inet reset_labs forward accept');
});

test('rules stand in a table of their own, which is removed whole', (t) => {
  for (const hook of ['input', 'output', 'forward'] as const) {
    t.is(
      RULES[hook],
      `add table inet reset_labs; add chain inet reset_labs ${hook} { type filter hook ${hook} priority 0 ; }`,
    );
  }
  // To delete what is not there would be an error.
  t.is(NO_RULES, 'add table inet reset_labs; delete table inet reset_labs');
});
