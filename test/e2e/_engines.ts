import test, { type ExecutionContext, type ImplementationFn } from 'ava';
import { chooseEngine } from '../../runners/engines/choose.ts';
import { LABEL } from '../../runners/engines/docker/owner.ts';
import { ENGINE_NAMES, type EngineName } from '../../runners/engines/engine.ts';
import { assertNamespaces } from '../../runners/engines/local/permission.ts';
import { messageOf } from '../../runners/user-error.ts';
import { labJson, type Ran, type Surroundings } from '../_lab.ts';

type Declare = (title: string, body: ImplementationFn<[]>) => void;

/** The engines that must be there: CI names them, and nothing of theirs may be skipped. */
const required = (process.env.RESET_LABS_REQUIRE_ENGINES ?? '').split(',');

/** Both engines; tests of one that is not there are skipped, so that it is seen, with the reason. */
export const engines: readonly { name: EngineName; test: { serial: Declare } }[] =
  await Promise.all(
    ENGINE_NAMES.map(async (name) => {
      const problem = await problemOf(name).then(() => undefined, messageOf);
      const skip: Declare = (title) => test.serial.skip(`${title} (${problem})`, () => {});
      const fail: Declare = (title) => test.serial(title, (t) => t.fail(problem));
      const otherwise = required.includes(name) ? fail : skip;
      return { name, test: { serial: problem === undefined ? test.serial : otherwise } };
    }),
  );

/** Rejects with the reason why an engine is not there. */
async function problemOf(name: EngineName): Promise<void> {
  await chooseEngine(name);
  if (name === 'local') await assertNamespaces();
}

export type OnEngine = {
  readonly name: EngineName;
  /** Runs labs in this engine, see `labJson`; and checks that it has nothing left of the run. */
  run(
    t: ExecutionContext,
    args: readonly string[],
    surroundings?: Surroundings,
  ): ReturnType<typeof labJson>;
};

type Body = (t: ExecutionContext, engine: OnEngine) => Promise<void>;

/** Declares a test once for each engine, or for each of those that are named. */
export function inEachEngine(what: string, body: Body): void;
export function inEachEngine(what: string, only: readonly EngineName[], body: Body): void;
export function inEachEngine(what: string, ...rest: [Body] | [readonly EngineName[], Body]): void {
  const [only, body] = rest.length === 1 ? [ENGINE_NAMES, rest[0]] : rest;
  for (const { name, test } of engines.filter((engine) => only.includes(engine.name))) {
    test.serial(`${name} · ${what}`, async (t) => {
      // An image may have to be built first.
      t.timeout(300_000);
      await body(t, {
        name,
        async run(t, args, surroundings) {
          const ran = await labJson(t, [...args, '--engine', name], surroundings);
          if (name === 'docker') await nothingLeft(t, ran);
          return ran;
        },
      });
    });
  }
}

async function nothingLeft(t: ExecutionContext, { name }: Ran): Promise<void> {
  const { connectDocker } = await import('../../runners/engines/docker/docker-client.ts');
  const { docker } = await connectDocker();
  const filters = { label: [`${LABEL.run}=${name}`] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  const left = [...containers.map(({ Names }) => Names.join()), ...networks.map((n) => n.Name)];
  t.deepEqual(left, [], 'containers or networks are left');
}
