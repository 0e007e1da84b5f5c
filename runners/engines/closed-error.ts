/** Something was to be made in an engine that is closed already: nobody would take it away. */
export class ClosedError extends Error {
  constructor() {
    super('the engine is closed');
    this.name = 'ClosedError';
  }
}
