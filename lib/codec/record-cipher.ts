import { encodeText } from '../crypto/base64.js';
import { decryptCompactJwe, encryptCompactJwe, splitCompactJwe } from '../crypto/compact-jwe.js';
import { hmac } from '../crypto/hmac.js';
import type { KeyRing, RingKey } from '../crypto/key-ring.js';

/** What was read of a record. */
export interface OpenedRecord {
  readonly text: string;
  /** Whether the text has to be written anew: its secret is an older one, or the option `encrypt` has changed since. */
  readonly isStale: boolean;
}

/** How each encrypted text begins, and none of the others: `{"`. */
const START = 'eyJ';

/**
 * Encrypts what a store has of a session: JWE compact serialization (RFC 7516 §7.1), `dir` with `A256GCM`. Each record has its own
 * content key, derived from the ring's key and from the name of the record, which the store does not know: a dump of the store
 * and the secret are not enough, and no text can stand in the place of another one.
 *
 * Both kinds of text are read at any time, so that the option `encrypt` may be changed during operation.
 */
export class RecordCipher {
  readonly #newest: RingKey;
  readonly #keys: ReadonlyMap<string, RingKey>;
  readonly #isEncrypting: boolean;

  /** @param isEncrypting whether texts are encrypted: the option `encrypt` */
  constructor(ring: KeyRing, isEncrypting: boolean) {
    this.#newest = ring.newest;
    this.#keys = ring.index(headerOf);
    this.#isEncrypting = isEncrypting;
  }

  /** @param name made of the session's id, and so known by its cookie only */
  seal(text: string, name: string): string {
    if (!this.#isEncrypting || text === '') return text;
    return encryptCompactJwe(headerOf(this.#newest), contentKey(this.#newest, name), text);
  }

  /** The inverse of `seal`; `undefined` where it is encrypted by another secret or for another name, or has been changed. */
  open(text: string, name: string): OpenedRecord | undefined {
    if (!text.startsWith(START)) return { text, isStale: this.#isEncrypting && text !== '' };
    const jwe = splitCompactJwe(text);
    const key = jwe && this.#keys.get(jwe.header);
    if (jwe === undefined || key === undefined) return undefined;
    const decrypted = decryptCompactJwe(jwe, contentKey(key, name));
    return decrypted.ok ? { text: decrypted.text, isStale: key.stale || !this.#isEncrypting } : undefined;
  }
}

function headerOf({ kid }: RingKey): string {
  return encodeText(`{"alg":"dir","enc":"A256GCM","kid":"${kid}"}`);
}

/**
 * HKDF-Expand (RFC 5869 §2.3) of the ring's key to 32 bytes, which is one block:
 * HMAC-SHA256(key, "nestjs-sessions/v1/record/" name 0x01). Never the content key of a cookie.
 */
function contentKey({ key }: RingKey, name: string): Buffer {
  return hmac(key, `nestjs-sessions/v1/record/${name}\u0001`);
}
