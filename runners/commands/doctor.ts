import { diagnose } from '../doctor/diagnose.ts';
import { report } from '../doctor/report.ts';
import type { EngineChoice } from '../engines/choose.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

export type DoctorOptions = { readonly engine: EngineChoice; readonly json: boolean };

/** Shows what this machine can do; see `npm run doctor -- --help`. */
export async function doctorCommand({ engine, json }: DoctorOptions): Promise<ExitStatus> {
  const diagnosis = await diagnose(engine === 'auto' ? undefined : [engine]);
  const text = json
    ? JSON.stringify(diagnosis)
    : report(diagnosis, screenOf(process.stdout)).join('\n');
  process.stdout.write(`${text}\n`);
  return diagnosis.ready ? EXIT.pass : EXIT.environment;
}
