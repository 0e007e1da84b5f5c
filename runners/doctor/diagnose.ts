import { type NamedLanguage, USUAL } from '../catalog/language.ts';
import { loadLanguages, runtimesOf } from '../catalog/load.ts';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { messageOf } from '../user-error.ts';
import { type Diagnosis, demote, type EngineChecks, missing } from './check.ts';
import { dockerChecks } from './docker.ts';
import { localChecks } from './local.ts';
import { kernelCheck, nodeCheck } from './machine.ts';

const CHECKS = { local: localChecks, docker: dockerChecks } as const;

/** Looks at everything; nothing that fails hides anything else. */
export async function diagnose(names: readonly EngineName[] = ENGINE_NAMES): Promise<Diagnosis> {
  const all = runtimesOf(await loadLanguages(['all'], '--client'));
  const isUsual = ({ name }: NamedLanguage) => USUAL.includes(name);
  const languages = all.filter(isUsual);
  const others = all.filter((one) => !isUsual(one));
  const [node, ...looked] = await Promise.all([
    nodeCheck(),
    ...names.map(async (name) => ({
      name,
      ...(await CHECKS[name](languages, others).catch((error) => failed(name, error))),
    })),
  ]);
  const ready = looked.some((engine) => engine.ready);
  return {
    ready,
    engines: Object.fromEntries(looked.map((engine) => [engine.name, { ready: engine.ready }])),
    checks: [
      node,
      kernelCheck(),
      ...looked.flatMap((engine) =>
        // Who has one engine can do without the other.
        ready && !engine.ready ? engine.checks.map(demote) : engine.checks,
      ),
    ],
  };
}

function failed(name: EngineName, error: unknown): EngineChecks {
  return { ready: false, checks: [missing(`${name} engine`, messageOf(error), null)] };
}
