/** How much of what there was. */
export class Tally {
  requests = 0;
  aborts = 0;
  /** Answers that are wrong, requests that fail, and whatever the server reports. */
  errors = 0;
  /** Answers with something of somebody else. */
  crossTalk = 0;
  /** The first few errors; the rest is of the same kind. */
  readonly samples: string[] = [];

  fail(text: string): void {
    this.errors++;
    if (this.samples.length < 5) this.samples.push(text);
  }
}
