/** The saves of one session, one after the other, and how the last one has ended. */
export class RunningSave {
  #promise: Promise<void> | undefined;
  #failure: unknown;
  #refusal: unknown;

  /** The save that is under way. */
  get promise(): Promise<void> | undefined {
    return this.#promise;
  }

  /** The error of the last save, if it has failed for a reason of the store, which may have saved the session all the same. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The error of the last save, if it has failed as without a store: another attempt is harmless. */
  get refusal(): unknown {
    return this.#refusal;
  }

  /** Forgets how the last save has ended. */
  reset(): void {
    this.#failure = this.#refusal = undefined;
  }

  refuse(error: unknown): void {
    this.#refusal = error;
  }

  run(save: () => Promise<void>): Promise<void> {
    this.#promise = this.#attempt(save);
    return this.#promise;
  }

  /** Fails before anything is saved, because something that the save needs is missing: a held response reports that. */
  fail(reason: unknown): Promise<void> {
    return this.run(() => Promise.reject(reason));
  }

  async #attempt(save: () => Promise<void>): Promise<void> {
    try {
      await save();
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#promise = undefined;
    }
  }
}
