import { hkdfSync, type KeyObject } from 'node:crypto';
import { secretKeyOf } from './hmac.js';

/** The JWS or JWE algorithms that a key may be derived for (RFC 7518 §3.1, §5.1). */
export type KeyAlgorithm = 'HS256' | 'A256GCM';

/** One derived key with the token header that names it. */
export interface RingKey {
  /** Signs tokens, or derives the keys that encrypt them. */
  readonly key: KeyObject;
  /** The first 8 characters of a hash of secret, algorithm and cookie name; reveals nothing about the key. */
  readonly kid: string;
  /** Older than the newest: verifies tokens, signs none. */
  readonly stale: boolean;
}

/** Secrets, newest first: the first signs, all of them verify. */
export type Secrets = readonly [newest: Uint8Array, ...older: Uint8Array[]];

/** The keys of one codec, newest first. */
export class KeyRing {
  /** The key that signs. */
  readonly newest: RingKey;
  readonly #older: readonly RingKey[];

  constructor([newest, ...older]: Secrets, algorithm: KeyAlgorithm, cookieName: string) {
    this.newest = { ...deriveKey(newest, algorithm, cookieName), stale: false };
    this.#older = older.map((secret) => ({ ...deriveKey(secret, algorithm, cookieName), stale: true }));
  }

  /**
   * The keys by the name that a token has for them: one look-up finds the key, however many there are.
   * Of equal secrets the first, the newest, counts.
   */
  index(nameOf: (key: RingKey) => string): ReadonlyMap<string, RingKey> {
    return new Map([...this.#older, this.newest].map((key) => [nameOf(key), key]));
  }
}

/**
 * Derives the key of one secret for one algorithm and one cookie name: HKDF-SHA256 (RFC 5869), empty salt, 32 bytes.
 *
 * A token is thereby worthless under any other cookie name and for any other use of the same secret.
 */
function deriveKey(secret: Uint8Array, algorithm: KeyAlgorithm, cookieName: string): Omit<RingKey, 'stale'> {
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, '', info, 32));
  return {
    key: secretKeyOf(derive(`nestjs-sessions/v1/${algorithm}/${cookieName}`)),
    kid: derive(`nestjs-sessions/v1/kid/${algorithm}/${cookieName}`).toString('base64url').slice(0, 8),
  };
}
