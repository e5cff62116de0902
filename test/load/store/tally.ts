/** How much of what there was. */
export class StoreTally {
  requests = 0;
  aborts = 0;
  outages = 0;
  /** Writes that were answered as they should be, and not 503. */
  confirmed = 0;
  /** Confirmed values that a later request did not find. */
  lost = 0;
  /** Sessions that were found after their confirmed end. */
  resurrected = 0;
  /** Answers with something of another visitor. */
  crossTalk = 0;
  /** Other answers than the expected one and 503, requests that fail, and what the servers report. */
  errors = 0;
  readonly samples: string[] = [];

  fail(text: string): void {
    this.errors++;
    if (this.samples.length < 5) this.samples.push(text);
  }

  get isClean(): boolean {
    return this.lost === 0 && this.resurrected === 0 && this.crossTalk === 0 && this.errors === 0;
  }
}
