/** What was confirmed: answered as it should be, and not 503. */
export type Deed = 'set' | 'deleted' | 'destroyed' | 'cleared' | 'regenerated' | 'logged in';

/** How much of what there was. */
export class StoreTally {
  requests = 0;
  aborts = 0;
  outages = 0;
  readonly confirmed: Record<Deed, number> = {
    set: 0,
    deleted: 0,
    destroyed: 0,
    cleared: 0,
    regenerated: 0,
    'logged in': 0,
  };
  /** Confirmed values that a later request did not find. */
  lost = 0;
  /** Sessions that were found after their confirmed end, or that have gone on twice. */
  resurrected = 0;
  /** Values that were found after they were confirmed to be gone. */
  restored = 0;
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
    return this.lost + this.resurrected + this.restored + this.crossTalk + this.errors === 0;
  }

  /** Whether there was all that a run is to show. */
  get isComplete(): boolean {
    return [this.outages, this.aborts, ...Object.values(this.confirmed)].every((count) => count > 0);
  }
}
