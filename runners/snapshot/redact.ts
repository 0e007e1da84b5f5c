import { homedir, hostname, userInfo } from 'node:os';
import { languageNames } from '../catalog/load.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { ROOT } from '../paths.ts';

/** What tells of this machine and of who works at it. */
export type Telling = {
  /** The checkout. */
  readonly root: string;
  readonly homes: readonly string[];
  readonly hosts: readonly string[];
  readonly users: readonly string[];
};

/** Names that many machines and users have, and that stand in results for something else. */
const COMMON = ['root', 'localhost', 'client', 'server', 'router', 'balancer', ...ENGINE_NAMES];

/** Values of these keys are the kit's own words, numbers and names, whatever a machine is called. */
const OWN_WORDS = new Set([
  ...['id', 'startedAt', 'lab', 'number', 'variant', 'cure', 'causes', 'engine', 'name', 'kernel'],
  ...['language', 'asked', 'program', 'version', 'verdict', 'agreement', 'role', 'step', 'outcome'],
  ...['errno', 'flags', 'from', 'to', 'on', 'host', 'arch', 'pcap', 'commit', 'sources', 'status'],
  ...['standing', 'exercise', 'file', 'plan'],
]);

/** Paths that are the same on every machine tell nothing of one, and much of what is installed. */
const OF_SYSTEM =
  /^\/(?:usr|bin|sbin|lib\w*|etc|proc|sys|dev|run|var\/run|var\/lib\/docker)(?:\/|$)/;
const PATH = /(?:(?<![\w.:/<>~-])|(?<=\b(?:unix|file):\/\/))\/(?!\/)[^\s"'`,;:()[\]{}<>|]+/g;
/** Engines elsewhere. */
const ADDRESS = /\b(ssh|tcp):\/\/[^\s/"'`,;)]+/g;

/** This machine's. */
export async function tellingOfHere(): Promise<Telling> {
  const { username, homedir: home } = userInfo();
  const common = new Set([...COMMON, ...(await languageNames())]);
  const own = (names: readonly string[]) =>
    [...new Set(names)].filter((name) => name !== '' && !common.has(name.toLowerCase()));
  const host = hostname();
  return {
    root: ROOT,
    homes: [homedir(), home],
    hosts: own([host, host.split('.')[0] ?? '']),
    users: own([username]),
  };
}

/** Writes what stands for something of a machine in its place, and counts how often. */
export class Redactor {
  /** By what stands there now: `<home>` 3. */
  readonly counts = new Map<string, number>();
  readonly #telling: Telling;
  readonly #folders: readonly (readonly [RegExp, string])[];

  constructor(telling: Telling) {
    this.#telling = telling;
    this.#folders = [
      ...folders([telling.root]).map((folder) => [folder, '<project>'] as const),
      ...folders(telling.homes).map((folder) => [folder, '<home>'] as const),
    ];
  }

  /** All texts of a JSON value: paths, and names of machine and user. */
  value(value: unknown, key = ''): unknown {
    if (typeof value === 'string') return OWN_WORDS.has(key) ? value : this.#prose(value);
    if (Array.isArray(value)) return value.map((one) => this.value(one, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.value(one, name)]),
    );
  }

  /**
   * A text of the participant's. Names that could be words of a program are left: it would not be the same program.
   *
   * @returns the names that are left, too
   */
  source(text: string): { readonly text: string; readonly left: readonly string[] } {
    const { hosts, users } = this.#telling;
    const isWord = (name: string) => /^\w+$/.test(name);
    const left = [...hosts, ...users].filter((name) => isWord(name) && word(name).test(text));
    const others = (names: readonly string[]) => names.filter((name) => !isWord(name));
    return { text: this.#names(this.#own(text), others(hosts), others(users)), left };
  }

  #prose(text: string): string {
    const { hosts, users } = this.#telling;
    const addressed = this.#own(text).replaceAll(ADDRESS, (_, scheme: string) =>
      this.#count('<host>', `${scheme}://`),
    );
    // Whole paths first: a name in one would leave the rest of it.
    const paths = addressed.replaceAll(PATH, (path) =>
      OF_SYSTEM.test(path) ? path : this.#count('<path>'),
    );
    return this.#names(paths, hosts, users);
  }

  #own(text: string): string {
    return this.#folders.reduce(
      (text, [folder, token]) => text.replaceAll(folder, () => this.#count(token)),
      text,
    );
  }

  #names(text: string, hosts: readonly string[], users: readonly string[]): string {
    const all = [
      ...hosts.map((name) => [name, '<host>'] as const),
      ...users.map((name) => [name, '<user>'] as const),
    ];
    return all.reduce(
      (text, [name, token]) => text.replaceAll(word(name), () => this.#count(token)),
      text,
    );
  }

  #count(token: string, before = ''): string {
    this.counts.set(token, (this.counts.get(token) ?? 0) + 1);
    return `${before}${token}`;
  }
}

/** What finds folders in texts, as paths and as in URLs of files; the longest first. */
function folders(paths: readonly string[]): RegExp[] {
  const all = paths
    .map((path) => path.replace(/\/+$/, ''))
    .filter((path) => path !== '')
    .flatMap((path) => [path, encodeURI(path)]);
  return [...new Set(all)]
    .sort((one, other) => other.length - one.length)
    .map((path) => new RegExp(`${escaped(path)}(?![\\w-])`, 'g'));
}

function word(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(name)}(?![\\p{L}\\p{N}_])`, 'giu');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
