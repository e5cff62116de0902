import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/**
 * Counts what comes over sockets, and holds back the first request of each connection until all are open. A server accepts
 * one connection in each turn of the loop: among connections that are already busy, the last of many comes seconds later.
 */
export class Gate {
  readonly #listener: RequestListener;
  readonly #held: (readonly [IncomingMessage, ServerResponse])[] = [];
  #awaited = 0;
  /** Requests that have come so far. */
  requests = 0;

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  /** Lets nothing through until so many requests have come. */
  close(awaited: number): void {
    this.#awaited = awaited;
  }

  pass(request: IncomingMessage, response: ServerResponse): void {
    this.requests += 1;
    if (this.#awaited === 0) this.#listener(request, response);
    else this.#hold(request, response);
  }

  #hold(request: IncomingMessage, response: ServerResponse): void {
    this.#held.push([request, response]);
    if (this.#held.length < this.#awaited) return;
    this.#awaited = 0;
    for (const [each, answer] of this.#held.splice(0)) this.#listener(each, answer);
  }
}
