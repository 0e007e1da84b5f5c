// The exercises in real runs: starters fail for the reason of their lab, solutions pass, cheats are refused.
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { inProject } from '../../runners/paths.ts';
import { loadLessons } from '../../runners/workshop/lessons/load.ts';
import { solutionText } from '../../runners/workshop/lessons/material.ts';
import { folderWith } from '../_folder.ts';
import { typed } from '../_typed.ts';
import { cli } from '../commands/_run.ts';
import { inEachEngine } from '../e2e/_engines.ts';

/** The rest is for `npm run content`, which .github/workflows/content.yml runs in each engine. */
inEachEngine('the exercise of a lab', ['local'], async (t) => {
  const { status, out } = await cli(['content', '03', ...options('python', 'local')]);
  t.is(status, 0, out);
  const rows = out.split('\n').filter((line) => / fails +passes +refused \(\d+\)$/.test(line));
  const lessons = await loadLessons(await loadLabs(['03']));
  t.is(rows.length, lessons.flatMap(({ tasks }) => tasks).length, out);
});

inEachEngine('a solution passes, and no image of it is left', ['docker'], async (t) => {
  const [python] = await loadLanguages(['python'], '--language');
  const [task] = (await loadLessons(await loadLabs(['abort'])))[0]?.tasks ?? [];
  if (python === undefined || task === undefined) return t.fail('there is no exercise');
  const workshop = folderWith(t, { '03-abort/server.py': await solutionText(task, python) });
  const images = await imagesOf('python');
  const { status, out, err } = await check('03', ['python', 'docker'], workshop);
  t.is(status, 0, out + err);
  t.deepEqual(await imagesOf('python'), images);
});

/** Each client has a process of its own, whose end nobody waits for. */
const FORKING = `import os, signal, socket, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.create_server(("", int(sys.argv[1])))
while True:
    client, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        with client, client.makefile("rb") as lines:
            lines.readline()
            client.sendall(b"Hello Client!\\n")
            client.shutdown(socket.SHUT_WR)
            lines.read()
        os._exit(0)
    client.close()
`;

inEachEngine('a server with a process for each client passes', ['local'], async (t) => {
  const workshop = folderWith(t, {
    '03-abort/server.py': FORKING,
    '06-closed-socket/server.py': FORKING,
  });
  for (const lab of ['03', '06']) {
    const { status, out, err } = await check(lab, ['python', 'local'], workshop);
    t.is(status, 0, out + err);
  }
});

inEachEngine('a client that floods its link is refused, and told of it', ['local'], async (t) => {
  const cheat = await readFile(inProject('test/fixtures/cheats/client/node/swallows.js'), 'utf8');
  const workshop = folderWith(t, { '12-idle-timeout/ask-pooled.js': cheat });
  const { status, out, err } = await check('12', ['node', 'local'], workshop);
  t.is(status, 1, out + err);
  t.regex(out, /✘ it sends no flood of segments +the link has carried more than 2000 segments/);
});

test('what is wrong with an exercise is told', async (t) => {
  const { status, err } = await typed(['content', 'no-such-lab']);
  t.is(status, 2);
  t.regex(err, /There is no lab "no-such-lab"/);
});

/** Checks the file of a participant who has this folder. */
function check(lab: string, [language, engine]: [string, string], workshop: string) {
  return cli(['check', lab, ...options(language, engine)], {
    env: { RESET_LABS_WORKSHOP: workshop },
  });
}

function options(language: string, engine: string): string[] {
  return ['--language', language, '--engine', engine];
}

async function imagesOf(language: string): Promise<string[]> {
  const { connectDocker } = await import('../../runners/engines/docker/docker-client.ts');
  const { docker } = await connectDocker();
  const images = await docker.listImages({
    filters: { reference: [`reset-labs/${language}`] },
  });
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).sort();
}
