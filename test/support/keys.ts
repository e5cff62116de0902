import { createHmac, hkdfSync } from 'node:crypto';

/** What the format derives from a secret for one algorithm and one cookie name. */
export interface DerivedKey {
  readonly key: Buffer;
  readonly kid: string;
  /** The bytes whose first 48 bits are `kid`. */
  readonly kidHash: Buffer;
}

/** Derives a key as the format describes it, once more and without the package: the judge of what the package does. */
export function deriveKey(secret: string, algorithm: 'HS256' | 'A256GCM', cookieName = 'session'): DerivedKey {
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, '', info, 32));
  const kidHash = derive(`nestjs-sessions/v1/kid/${algorithm}/${cookieName}`);
  return {
    key: derive(`nestjs-sessions/v1/${algorithm}/${cookieName}`),
    kid: kidHash.toString('base64url').slice(0, 8),
    kidHash,
  };
}

/** The key of one session: HKDF-Expand by its definition, T(1) = HMAC(key, "" | info | 0x01) (RFC 5869 §2.3). */
export function contentKey(key: Uint8Array, id: string): Buffer {
  return createHmac('sha256', key).update(`nestjs-sessions/v1/content/${id}\u0001`).digest();
}

/** The key of what a store has of one session, likewise. @param name `<id>`, or `<id>.<rk>` */
export function recordContentKey(key: Uint8Array, name: string): Buffer {
  return createHmac('sha256', key).update(`nestjs-sessions/v1/record/${name}\u0001`).digest();
}
