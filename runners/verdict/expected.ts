import type { Alternative, Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';

type Languages = {
  readonly client: { readonly name: string };
  readonly server: { readonly name: string };
};
type Expecting = Languages & { readonly lab: Pick<NamedLab, 'expect' | 'differs' | 'server'> };

/** What a cell must show: one expectation, or several of which one must be met. */
export function expectedOf(cell: Expecting): readonly (Expectation | Alternative)[] {
  const expected = differenceOf(cell)?.expect ?? cell.lab.expect;
  return 'packets' in expected ? [expected] : expected;
}

/** The true exception of a cell's languages, if the lab names one. */
export function differenceOf({ lab, client, server }: Expecting) {
  return lab.differs?.find(
    (difference) =>
      (difference.client === undefined || difference.client === client.name) &&
      (difference.server === undefined || difference.server === server.name),
  );
}

/** Whether the client ends the story in a step that nothing ends, however it goes. */
export function expectsBlock(cell: Expecting): boolean {
  return expectedOf(cell).every(({ client }) => client.some((step) => step.endsWith(' blocked')));
}
