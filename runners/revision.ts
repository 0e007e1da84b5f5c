import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.ts';
import type { Revision } from './results/result.ts';

const run = promisify(execFile);

/** All that verdicts depend on. */
const SOURCES = ['docker', 'labs', 'package-lock.json', 'runners'];

/** What is run: the commit, and a digest of the files as they are. */
export async function revisionOf(root = ROOT): Promise<Revision> {
  const [commit, sources] = await Promise.all([commitOf(root), digestOf(root)]);
  return { commit, sources };
}

async function commitOf(root: string): Promise<string | null> {
  try {
    const git = (...words: string[]) => run('git', ['-C', root, ...words]);
    const [{ stdout: commit }, { stdout: changes }] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain'),
    ]);
    return changes === '' ? commit.trim() : `${commit.trim()}-dirty`;
  } catch {
    return null;
  }
}

async function digestOf(root: string): Promise<string> {
  const files = (await Promise.all(SOURCES.map((name) => filesIn(root, name)))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))));
  const hash = createHash('sha256');
  for (const [place, content] of contents.entries()) {
    hash.update(`${files[place]}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Pages are left out: they say what labs show, and labs do not depend on them. */
async function filesIn(root: string, name: string): Promise<string[]> {
  const entries = await readdir(join(root, name), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [name];
  const inside = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() || (entry.isFile() && !entry.name.endsWith('.md')))
      // What interpreters keep beside sources.
      .filter((entry) => !entry.name.startsWith('__pycache__'))
      .map((entry) => {
        const path = join(name, entry.name);
        return entry.isDirectory() ? filesIn(root, path) : [path];
      }),
  );
  return inside.flat();
}
