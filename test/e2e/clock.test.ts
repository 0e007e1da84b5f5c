import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderWith } from '../_folder.ts';
import { told } from '../_lab.ts';
import { inEachEngine } from './_engines.ts';

/** A module that sets the orchestrator's clock back, and nobody else's: programs in Python read no other. */
const EARLIER = `
const hours = 5 * 3_600_000;
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length > 0 ? given : [Real.now() - hours]));
  }
  static now() {
    return Real.now() - hours;
  }
};
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin - hours });
`;

inEachEngine(
  "a fault has its place in the story, whatever the orchestrator's clock says",
  async (t, engine) => {
    const module = pathToFileURL(join(folderWith(t, { 'clock.mjs': EARLIER }), 'clock.mjs')).href;
    const languages = ['--client', 'python', '--server', 'python'];
    const { run } = await engine.run(t, ['crash-server', ...languages], {
      env: { NODE_OPTIONS: `--import=${module}` },
    });
    const behindMs = Date.now() - Date.parse(run.startedAt);
    t.true(behindMs > 4 * 3_600_000, 'the clock is not off');
    const [cell] = run.cells;
    t.is(cell?.verdict, 'pass', told(run.cells).join('\n'));
    const request = cell?.packets?.find(({ length }) => length > 0)?.atMs ?? Number.NaN;
    const rst = cell?.packets?.find(({ flags }) => flags.includes('RST'))?.atMs ?? Number.NaN;
    const killed = cell?.actions[0]?.atMs ?? Number.NaN;
    t.true(request < killed && killed < rst, `request ${request}, SIGKILL ${killed}, RST ${rst}`);
  },
);
