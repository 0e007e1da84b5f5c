import type { EngineChoice } from '../engines/choose.ts';

/** What the command line says, see `npm run snapshot -- --help`. */
export type SnapshotOptions = {
  readonly output?: string;
  /** A lab whose exercise is checked, and packed. */
  readonly check?: string;
  readonly language?: string;
  readonly exercise?: string;
  readonly engine?: EngineChoice;
  /** The file that is opened. */
  readonly open?: string;
  readonly rerun: boolean;
  readonly results: string;
  readonly json: boolean;
};
