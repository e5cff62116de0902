import { newSessionId } from '../codec/claims.js';
import type { SessionClaims } from '../codec/session-codec.js';
import type { OwnTimes } from './record.js';
import type { SessionStorage } from './session-storage.js';

/** An instance without a store, which is replaced in a deployment, may issue such a cookie for so long, in seconds. */
const DEPLOYMENT = 24 * 60 * 60;

/**
 * Takes over a session that came in a cookie without a record.
 *
 * Its id is known to each copy of that cookie, so its record has a key that is made of the id and of random bytes: once
 * deleted, it cannot be created again. Under a key that is made of the id alone, the store remembers the name of that record,
 * until the last of these copies has ended. The first request decides; a record that was deleted, by any command, ends them all.
 */
export class Adoption {
  readonly #storage: SessionStorage;
  readonly #claims: SessionClaims;
  /** What is fresh in the key of the record that this request would create. */
  readonly rk = newSessionId();

  constructor(storage: SessionStorage, claims: SessionClaims) {
    this.#storage = storage;
    this.#claims = claims;
  }

  /** Another key for another attempt: no cookie finds a record that this one creates late, after the session has ended. */
  anew(): Adoption {
    return new Adoption(this.#storage, this.#claims);
  }

  get id(): string {
    return this.#claims.jti;
  }

  get times(): OwnTimes {
    return this.#claims;
  }

  /**
   * Remembers which record the session has.
   *
   * @param rk empty where it has none, because it ends
   * @param now a NumericDate in whole seconds
   * @returns what a request before has decided; `undefined` where this one does
   * @throws SessionError `ERR_SESSION_STORE_UNAVAILABLE`
   */
  async decide(rk: string, now: number): Promise<string | undefined> {
    const { store, settings } = this.#storage;
    const key = this.#storage.adoptionKeyOf(this.id);
    // When the last cookie ends that was issued up to now, or is issued while instances are being replaced.
    const expiresAt = Math.max(this.#claims.exp, settings.lifetime.expiry(this.#claims, now)) + DEPLOYMENT;
    const record = { text: rk, version: 1, createdAt: now, seenAt: now, expiresAt };
    const answer = await store.write((each) => each.create(key, record, now));
    if (answer === 'created') return undefined;
    return (await store.load(key))?.text ?? '';
  }
}
