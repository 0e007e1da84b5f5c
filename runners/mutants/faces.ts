import type { Errno } from '../catalog/errno.ts';
import { type Face, type Faces, facesOf } from '../catalog/language.ts';
import type { StepName } from '../evidence/steps.ts';
import type { Recorded } from '../recording.ts';
import { expectedOf } from '../verdict/expected.ts';
import { judge } from '../verdict/judge.ts';
import type { Judge, Mutated } from './mutate.ts';

/** One way in which the words of an exception can be others. */
const CHANGES: readonly { readonly name: string; readonly change: (face: Face) => Face | null }[] =
  [
    {
      name: "a face's last word changed",
      change: (face) => ({ ...face, message: face.message.replace(/\S+(?=\s*$)/, 'otherwise') }),
    },
    {
      name: "a face's last word taken out",
      change: (face) => ({ ...face, message: face.message.replace(/\s*\S+(?=\s*$)/, '') }),
    },
    {
      name: 'a letter of a face in the other case',
      change: (face) => ({ ...face, message: face.message.replace(/[a-z]/i, otherCase) }),
    },
    { name: "a face's type changed", change: (face) => ({ ...face, type: `${face.type}s` }) },
    {
      name: "a face's errno changed, or put in",
      change: (face) => ({ ...face, errno: face.errno === 'EPIPE' ? 'ECONNRESET' : 'EPIPE' }),
    },
    {
      name: "a face's errno taken out",
      change: (face) => (face.errno === null ? null : { ...face, errno: null }),
    },
  ];

function otherCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

/** Changes each face of each language in each way: all cells of that language are judged once more. */
export function mutateFaces(recorded: readonly Recorded[], judging: Judge = judge): Mutated[] {
  const names = [...new Set(recorded.map(({ cell }) => cell.client.name))];
  return names.flatMap((name) => {
    const own = recorded.filter(({ cell }) => cell.client.name === name);
    return facesIn(own).flatMap(({ step, errno, face, faces }) =>
      CHANGES.flatMap(({ name: operator, change }): Mutated[] => {
        const changed = change(face);
        if (!changed) return [];
        const other = { ...faces, [step]: { ...faces[step], [errno]: changed } };
        const isCaught = own.some(({ cell, observed }) => {
          const mutant = { ...cell.client, faces: other, versions: [] };
          return judging({ ...cell, client: mutant }, observed.observation).verdict !== 'pass';
        });
        const shown = own.some((one) => showsFace(one, step, errno));
        const fate = isCaught ? 'caught' : shown ? 'unexplained' : 'unobserved';
        const why = shown ? 'the face was shown' : 'no outcome with this exception happened';
        const text = `${step} ${errno} of ${name}`;
        return [
          { story: text, operator, isOpen: false, fate, why: isCaught ? '' : why, change: text },
        ];
      }),
    );
  });
}

type Shown = {
  readonly step: StepName;
  readonly errno: Errno;
  readonly face: Face;
  readonly faces: Faces;
};

/** The faces of a language, in the version that has run. */
function facesIn([first]: readonly Recorded[]): Shown[] {
  if (!first) return [];
  const { cell, observed } = first;
  const faces = facesOf(cell.client, observed.observation.client?.report.version ?? null);
  return (Object.entries(faces) as [StepName, Faces[StepName]][]).flatMap(([step, errnos]) =>
    (Object.entries(errnos ?? {}) as [Errno, Face][]).map(([errno, face]) => ({
      ...{ step, errno, face, faces },
    })),
  );
}

/** Whether a step of the client has really ended so, whatever a judge says. */
function showsFace({ cell, observed }: Recorded, step: StepName, errno: Errno): boolean {
  const steps = observed.observation.client?.report.steps ?? [];
  return expectedOf(cell).some(
    ({ client }) =>
      client.length === steps.length &&
      client.includes(`${step} ${errno}`) &&
      client.every((outcome, place) => {
        const [name, how = ''] = outcome.split(' ');
        const seen = steps[place];
        const end = seen?.end?.outcome ?? 'blocked';
        return (
          seen?.step === name && (end === 'error' ? !['ok', 'eof'].includes(how) : end === how)
        );
      }),
  );
}
