import type { SessionClaims, SessionCodec, Unsealed } from './session-codec.js';

/** Seals in one format and opens several: what comes in another one is stale, and so issued anew in the first. */
export class AcceptingCodec implements SessionCodec {
  readonly #own: SessionCodec;
  readonly #accepted: readonly SessionCodec[];

  constructor(own: SessionCodec, accepted: readonly SessionCodec[]) {
    this.#own = own;
    this.#accepted = accepted;
  }

  seal(claims: SessionClaims, data: string): string {
    return this.#own.seal(claims, data);
  }

  unseal(token: string): Unsealed {
    let result = this.#own.unseal(token);
    for (const codec of this.#accepted) {
      if (result.ok) break;
      const other = codec.unseal(token);
      if (other.ok) return { ...other, stale: true };
      // The reason of the format that the token has the shape of says more.
      if (other.reason !== 'malformed') result = other;
    }
    return result;
  }
}
