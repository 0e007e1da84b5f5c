/** What is wrong with a file that should be a snapshot, in a few words; whoever opened it knows its name. */
export class BadSnapshot extends Error {
  override name = 'BadSnapshot';
  /** What the reader can do. */
  readonly mend: string;

  constructor(message: string, mend = 'Ask for it again, and have it sent as a file.') {
    super(message);
    this.mend = mend;
  }
}
