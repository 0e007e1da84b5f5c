import test from 'ava';
import { facesOf, isVersion, type LanguageVersion } from '../../runners/catalog/language.ts';
import type { ProgramRun } from '../../runners/evidence/observation.ts';
import { judge } from '../../runners/verdict/judge.ts';
import { cellOf, crash, LANGUAGES, RESET, ran } from '../_observation.ts';

// All programs report 3.13.5.
const { python } = LANGUAGES;
const asked = (name: string) => ({
  ...python,
  id: `python@${name}`,
  version: { name, image: 'none' } as LanguageVersion,
});
const AGREE = 'program, packets and kernel agree: socket RST from server, no FIN';

test('a program of the version that was asked for is a witness', (t) => {
  const cell = cellOf({}, { client: asked('3.13'), server: asked('3') });
  t.like(judge(cell, crash()), { verdict: 'pass', reason: AGREE });
});

for (const [role, version] of [
  ['client', '3.12'],
  ['client', '3.1'],
  ['server', '3.14'],
] as const) {
  test(`a ${role} that reports another version than ${version} proves nothing`, (t) => {
    const { verdict, reason, outcome } = judge(cellOf({}, { [role]: asked(version) }), crash());
    t.is(verdict, 'unknown');
    t.is(reason, `the ${role} ran on Python 3.13.5, and python@${version} was asked for`);
    t.is(outcome, null);
  });
}

test('a program that hides its version proves nothing where one was asked for', (t) => {
  const hiding = (run: ProgramRun) => ({ ...run, report: { ...run.report, version: null } });
  const server = hiding(ran(['listen ok', 'accept ok', 'wait begin'], { exitStatus: 137 }));
  t.is(judge(cellOf(), crash({ server })).verdict, 'pass');
  t.like(judge(cellOf({}, { server: asked('3.13') }), crash({ server })), {
    verdict: 'unknown',
    reason: 'the server did not report its version, and python@3.13 was asked for',
  });
  const client = hiding(ran(['connect ok', 'send ok', ['read', RESET]], { exitStatus: 1 }));
  t.not(judge(cellOf({}, { client: asked('3.13') }), crash({ client })).verdict, 'pass');
});

test('a program that reported nothing is no witness, whatever was asked for', (t) => {
  const { reason } = judge(cellOf({}, { client: asked('3.12') }), crash({ client: null }));
  t.is(reason, 'the program is no witness: the client reported no step');
});

test('a version is the beginning of what a runtime reports, by whole numbers', (t) => {
  for (const [name, reported] of [
    ['21', '21.0.13.1'],
    ['21', '21'],
    ['25', '25-ea'],
    ['3.13', '3.13.5'],
  ] as const) {
    t.true(isVersion(name, reported), `${name} ${reported}`);
  }
  for (const [name, reported] of [
    ['2', '21.0.13'],
    ['3.1', '3.13.5'],
    ['21', '17.0.21'],
    ['3.13.5', '3.13'],
  ] as const) {
    t.false(isVersion(name, reported), `${name} ${reported}`);
  }
});

test('a face of a version takes the place of the language’s, whether it was asked for or not', (t) => {
  const reset = { ...RESET, message: 'the peer has reset it' };
  const old: LanguageVersion = {
    name: '3.12',
    image: 'none',
    faces: { read: { ECONNRESET: reset } },
  };
  const language = { ...python, versions: [old] };
  t.deepEqual(facesOf(language, '3.13.5'), python.faces);
  t.deepEqual(facesOf(language, null), python.faces);
  const faces = facesOf(language, '3.12.1');
  t.is(faces.read?.ECONNRESET, reset);
  t.is(faces.read?.ETIMEDOUT, python.faces.read?.ETIMEDOUT);
  t.is(faces.connect, python.faces.connect);
  const client = { ...language, versions: [{ ...old, name: '3.13' }] };
  t.is(judge(cellOf({}, { client }), crash()).verdict, 'fail');
  const read = ran(['connect ok', 'send ok', ['read', reset]]);
  t.is(judge(cellOf({}, { client }), crash({ client: read })).verdict, 'pass');
});
