import type { NamedLab, Story } from '../catalog/lab.ts';
import { loadLabs } from '../catalog/load.ts';

/** The stories in which lies are told, and how they differ from their labs'. */
const STORIES = {
  abort: {},
  hello: {},
  /** The server of `hello` would serve more than one connection. */
  served: { lab: 'hello', server: { behaviour: 'serve' } },
  'crash-server': {},
  'closed-socket': {},
  'firewall-reset': {},
} as const satisfies Readonly<Record<string, Partial<Story> & { readonly lab?: string }>>;

export type TrueStory = keyof typeof STORIES;
export const TRUE_STORIES = Object.keys(STORIES) as TrueStory[];

/** Loads them. Of a lab with variants it is the first. */
export async function loadTrueStories(): Promise<ReadonlyMap<TrueStory, NamedLab>> {
  const labs = await loadLabs(['all']);
  return new Map(
    TRUE_STORIES.map((name) => {
      const { lab = name, ...change }: Partial<Story> & { readonly lab?: string } = STORIES[name];
      const found = labs.find((one) => one.name === lab && one.cure === null);
      if (!found) throw new Error(`there is no lab ${lab}`);
      return [name, { ...found, ...change }];
    }),
  );
}
