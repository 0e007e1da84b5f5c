import { byLab } from '../catalog/by-lab.ts';
import type { NamedLab } from '../catalog/lab.ts';
import { loadLabs } from '../catalog/load.ts';
import { paint, row, screenOf, wrap } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

/** Lists the labs, with their variants and cures. */
export async function listCommand({
  json,
  labs: folder,
}: {
  readonly json: boolean;
  readonly labs?: string;
}): Promise<ExitStatus> {
  const labs = listed(await loadLabs(['all'], folder));
  if (json) {
    process.stdout.write(`${JSON.stringify({ labs })}\n`);
    return EXIT.pass;
  }
  const screen = screenOf(process.stdout);
  const colours = paint(screen);
  const widths = [
    2,
    Math.max(...labs.map(({ name }) => name.length)),
    Math.max(...labs.map(({ causes }) => causes.join(', ').length)),
  ];
  const indent = widths.reduce((sum, width) => sum + width + 2, 2);
  const lines = labs.flatMap(({ number, name, causes, title, variants, cures }) => {
    const [first = '', ...rest] = wrap(title, screen.columns - indent);
    const more = [
      ...(variants.length > 0
        ? wrap(`variants: ${variants.join(', ')}`, screen.columns - indent)
        : []),
      ...(cures.length > 0 ? wrap(`cures: ${cures.join(', ')}`, screen.columns - indent) : []),
    ];
    return [
      `  ${row([number, name, causes.join(', '), first], widths)}`,
      ...rest.map((line) => `${' '.repeat(indent)}${line}`),
      ...more.map((line) => colours.dim(`${' '.repeat(indent)}${line}`)),
    ];
  });
  process.stdout.write(
    [
      colours.dim(`  ${row(['', 'lab', 'causes', 'what happens'], widths)}`),
      ...lines,
      '',
      '  Run one: npm run lab crash-server · its cures: npm run lab crash-server -- --cured',
      '  All: npm run lab all · by cause: npm run lab -- --cause firewall · options: npm run lab -- --help',
      '',
    ].join('\n'),
  );
  return EXIT.pass;
}

/** The labs as they are listed: their stories by name. */
function listed(stories: readonly NamedLab[]) {
  return byLab(stories).map(({ number, name, causes, headline: title, plain, cured }) => ({
    ...{ number, name, causes, title },
    variants: plain.flatMap(({ variant }) => variant ?? []),
    cures: cured.flatMap(({ cure }) => cure ?? []),
  }));
}
