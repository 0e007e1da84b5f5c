import { join, resolve } from 'node:path';
import { inProject } from '../../paths.ts';

/**
 * Where participants have their files and their state; nothing in it is the project's. `RESET_LABS_WORKSHOP` names
 * another folder, for those who share a clone, and for tests.
 */
export function workshopFolder(): string {
  return resolve(process.env.RESET_LABS_WORKSHOP || inProject('workshop'));
}

/** The file of a participant's state. */
export function stateFile(): string {
  return join(workshopFolder(), 'progress.yaml');
}
