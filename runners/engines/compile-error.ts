import { EnvironmentError } from '../user-error.ts';

/** Programs do not compile, or their image cannot be built: what the compiler said, line by line. */
export class CompileError extends EnvironmentError {
  readonly output: readonly string[];

  constructor(message: string, output: readonly string[]) {
    super(message);
    this.name = 'CompileError';
    this.output = output;
  }
}
