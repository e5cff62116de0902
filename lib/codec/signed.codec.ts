import { decodeText, encodeText } from '../crypto/base64.js';
import { isSignature, sign } from '../crypto/hmac.js';
import type { KeyRing, RingKey } from '../crypto/key-ring.js';
import { claimsLength, parseClaims, serializeClaims } from './claims.js';
import { rejected, type SessionClaims, type SessionCodec, type Unsealed } from './session-codec.js';

/** Length of an HMAC-SHA256 in base64url without padding: ⌈32 · 8 / 6⌉ characters. */
const SIGNATURE_LENGTH = 43;

/**
 * Readable sessions that only the server can write: JWS compact serialization (RFC 7515 §7.1), HS256.
 *
 * The ring keeps each key under its ready-made header segment, so an attacker's header is compared and never parsed:
 * `alg` cannot be confused and no second key is tried.
 */
export class SignedCodec implements SessionCodec {
  readonly #newest: RingKey;
  readonly #newestHeader: string;
  readonly #keys: ReadonlyMap<string, RingKey>;

  constructor(ring: KeyRing) {
    this.#newest = ring.newest;
    this.#newestHeader = protectedHeader(ring.newest);
    this.#keys = ring.index(protectedHeader);
  }

  seal(claims: SessionClaims, data: string): string {
    const signingInput = `${this.#newestHeader}.${encodeText(serializeClaims(claims, data))}`;
    return `${signingInput}.${sign(this.#newest.key, signingInput)}`;
  }

  tokenLength(claims: SessionClaims, data: string): number {
    const payload = Math.ceil((claimsLength(claims, data) * 4) / 3);
    return this.#newestHeader.length + payload + SIGNATURE_LENGTH + '..'.length;
  }

  unseal(token: string): Unsealed {
    const headerEnd = token.indexOf('.');
    const payloadEnd = token.indexOf('.', headerEnd + 1);
    if (headerEnd === -1 || payloadEnd === -1 || token.includes('.', payloadEnd + 1)) return rejected('malformed');

    const key = this.#keys.get(token.slice(0, headerEnd));
    if (key === undefined) return rejected('unknown-key');

    const signature = token.slice(payloadEnd + 1);
    // Before any cryptography, because the cookies of a large session may be put together in many ways.
    if (signature.length !== SIGNATURE_LENGTH) return rejected('tampered');
    if (!isSignature(signature, key.key, token.slice(0, payloadEnd))) return rejected('tampered');

    return parseClaims(decodeText(token.slice(headerEnd + 1, payloadEnd)), key.stale);
  }
}

/** The first segment of every token of a key: BASE64URL(UTF8(JWS Protected Header)), RFC 7515 §3.1. */
function protectedHeader({ kid }: RingKey): string {
  return encodeText(JSON.stringify({ alg: 'HS256', kid }));
}
