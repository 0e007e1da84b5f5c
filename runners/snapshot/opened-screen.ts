import { paint, plain, type Screen, wrap } from '../reports/terminal/text.ts';
import { quoted } from '../shell-words.ts';
import type { Compared } from './compare.ts';
import type { Difference } from './machine.ts';
import { indented } from './packed-screen.ts';

/** What differs between the machine of a snapshot and this one. */
export function differenceList(rows: readonly Difference[], screen: Screen): string[] {
  const colours = paint(screen);
  if (rows.length === 0) {
    return ['  This machine differs in nothing that the run depends on and that doctor looks at.'];
  }
  const width = Math.max(...rows.map(({ what }) => what.length));
  const side = Math.max(16, Math.floor((screen.columns - width - 6) / 2));
  const row = (texts: readonly [string, string, string]) => {
    const [what, ...sides] = texts;
    const [left = [], right = []] = sides.map((text) => wrap(text, side));
    return Array.from({ length: Math.max(left.length, right.length) }, (_, line) =>
      `  ${(line === 0 ? what : '').padEnd(width)}  ${(left[line] ?? '').padEnd(side)}  ${right[line] ?? ''}`.trimEnd(),
    );
  };
  return [
    ...row(['differs', 'in the snapshot', 'here']).map((line) => colours.dim(line)),
    ...rows.flatMap(({ what, snapshot, here }) =>
      row([what, plain(snapshot ?? 'not known'), plain(here ?? 'not known')]),
    ),
  ];
}

/** Whether the same came of each cell; cells of which the same can be said share a line. */
export function comparison(cells: readonly Compared[], screen: Screen): string[] {
  const colours = paint(screen);
  const groups = new Map<string, { of: Compared; count: number }>();
  for (const one of cells) {
    const of = { ...one, cell: one.cell.replace(/-\d+$/, '') };
    const key = JSON.stringify(of);
    const group = groups.get(key) ?? { of, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ of, count }) => {
    const { snapshot, here, same } = of;
    const times = count > 1 ? `  ×${count}` : '';
    const mark = same ? colours.green('✔') : here === null ? colours.yellow('?') : colours.red('✘');
    const verdicts =
      here === null || here.verdict === snapshot.verdict
        ? snapshot.verdict
        : `${snapshot.verdict} → ${here.verdict}`;
    const said = here === null ? 'it was not run here' : same ? 'the same' : 'not the same';
    const head = `  ${mark} ${plain(of.cell)} (${of.engine})${times}`;
    return [head, ...indented(`${said} · ${verdicts}`, screen, 6), ...parting(of, screen)];
  });
}

/** The first step of the client that was otherwise. */
function parting({ snapshot, here }: Compared, screen: Screen): string[] {
  if (here === null) return [];
  const length = Math.max(snapshot.saw.length, here.saw.length);
  const at = Array.from({ length }, (_, index) => index).find(
    (index) => snapshot.saw[index] !== here.saw[index],
  );
  if (at === undefined) return [];
  const [before, now] = [snapshot.saw[at] ?? 'nothing more', here.saw[at] ?? 'nothing more'];
  return [
    ...indented(`in the snapshot: ${before}`, screen, 6),
    ...indented(`here: ${now}`, screen, 6),
  ];
}

/** The command that repeats it, as a person types it. */
export function commandShown(again: readonly string[], workshop?: string): string {
  const [name = '', ...words] = again;
  const env = workshop === undefined ? '' : `RESET_LABS_WORKSHOP=${quoted(workshop)} `;
  return `${env}npm run ${name} -- ${words.map(quoted).join(' ')}`;
}
