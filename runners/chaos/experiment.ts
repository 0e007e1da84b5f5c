import type { EngineName } from '../engines/engine.ts';
import type { Place } from './place.ts';
import type { End, Run } from './run.ts';

/** One fault at one moment of a run, and what is promised then. */
export type Experiment = {
  /** For `--only`; unique with its engine. */
  readonly name: string;
  readonly engine: EngineName;
  readonly fault: string;
  readonly moment: string;
  /** What is run: the words after `lab`. */
  readonly run: readonly string[];
  /** What it needs beside its engine; `own engine`: a Docker engine that nobody else uses. */
  readonly needs?: 'root' | 'own engine';
  prepare(): Promise<Scene>;
  readonly promise: Promised;
};

/** Where an experiment happens, and what is done there. */
export type Scene = {
  readonly place: Place;
  /** Waits for the moment and lets the fault strike; throws where it cannot. */
  strike(run: Run): Promise<void>;
  /** Undoes the fault before the next start. */
  mend?(): Promise<void>;
};

export type Promised = {
  /** One of these: an exit status, or the signal that ends it. */
  readonly ends: readonly End['by'][];
  /** What it says on standard error. */
  readonly says?: RegExp;
  /** Cells that the fault meets: so many at least and at most, of these verdicts, with this reason. All others pass. */
  readonly met?: {
    readonly cells: readonly [least: number, most: number];
    readonly verdicts: readonly ('fail' | 'unknown' | 'not-run')[];
    readonly reason: RegExp;
  };
  /** What the page says where the words are not the same in each run. */
  readonly told?: string;
  /** Whether all cells happen. */
  readonly whole: boolean;
  /** When what was obtained lies in the results' folder, and all that was made is gone. */
  readonly inOrder: 'at once' | 'after the next start';
};
