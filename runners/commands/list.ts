import { loadLabs } from '../catalog/load.ts';
import { paint, row, screenOf, wrap } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

/** Lists the labs. */
export async function listCommand({
  json,
  labs: folder,
}: {
  readonly json: boolean;
  readonly labs?: string;
}): Promise<ExitStatus> {
  const labs = await loadLabs(['all'], folder);
  if (json) {
    const listed = labs.map(({ number, name, cause, title }) => ({ number, name, cause, title }));
    process.stdout.write(`${JSON.stringify({ labs: listed })}\n`);
    return EXIT.pass;
  }
  const screen = screenOf(process.stdout);
  const colours = paint(screen);
  const widths = [2, Math.max(...labs.map(({ name }) => name.length)), 9];
  const indent = widths.reduce((sum, width) => sum + width + 2, 2);
  const lines = labs.flatMap(({ number, name, cause, title }) => {
    const [first = '', ...rest] = wrap(title, screen.columns - indent);
    return [
      `  ${row([number, name, cause, first], widths)}`,
      ...rest.map((line) => `${' '.repeat(indent)}${line}`),
    ];
  });
  process.stdout.write(
    [
      colours.dim(`  ${row(['', 'lab', 'cause', 'what happens'], widths)}`),
      ...lines,
      '',
      `  Run one: npm run lab crash-server · all: npm run lab all · options: npm run lab -- --help`,
      '',
    ].join('\n'),
  );
  return EXIT.pass;
}
