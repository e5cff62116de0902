/** The characters at the end of a token that it is looked up by: a signature or a tag, which is uniformly random. */
const KEY_LENGTH = 43;

/**
 * The most tokens of a generation, and the most characters of all of them together; two generations are kept. The worst that
 * JSON can hold, empty objects, takes 16 bytes of memory for a character: 14 MiB in all.
 */
const MAX_TOKENS = 1000;
const MAX_CHARACTERS = 448 * 1024;

/** How many tokens that came once are noted, in one integer each. A power of two. */
const NOTES = 4096;

interface Remembered<T> {
  readonly token: string;
  readonly value: T;
  /** Characters that it counts for. */
  readonly length: number;
}

/**
 * A memory of tokens that were found authentic. A browser sends the same cookie again and again, and authenticity is a pure
 * function of token and keys: a remembered token needs no cryptography, whatever its size.
 *
 * A token is kept when it is verified for the second time, because tokens that come once would outlive V8's young
 * generation for nothing. Forged tokens never get here. A look-up compares the whole token; only a client that sends all
 * 43 last characters of a remembered token, which is to say that token, learns from its time that it is remembered.
 *
 * Everything that depends on time (expiry, revocation, schema) is judged at each use by the caller.
 */
export class VerifiedTokens<T> {
  readonly #notes = new Int32Array(NOTES);
  #young = new Map<string, Remembered<T>>();
  #old: ReadonlyMap<string, Remembered<T>> = new Map();
  #characters = 0;

  get(token: string): T | undefined {
    const key = token.slice(-KEY_LENGTH);
    const young = this.#young.get(key);
    if (young !== undefined) return young.token === token ? young.value : undefined;
    const old = this.#old.get(key);
    if (old === undefined || old.token !== token) return undefined;
    this.#keep(old);
    return old.value;
  }

  /**
   * Call it for each token that was verified, with what it holds. The value is shared by all later uses.
   * @param lengthOf the length of the value in characters, where it is not about that of the token
   */
  add(token: string, value: T, lengthOf: () => number = () => token.length): void {
    if (token.length < KEY_LENGTH || !this.#isNoted(token)) return;
    const [copy, length] = [flat(token), lengthOf()];
    if (copy === token && length <= MAX_CHARACTERS) this.#keep({ token: copy, value, length });
  }

  #keep(remembered: Remembered<T>): void {
    if (this.#young.size >= MAX_TOKENS || this.#characters + remembered.length > MAX_CHARACTERS) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = 0;
    }
    this.#young.set(remembered.token.slice(-KEY_LENGTH), remembered);
    this.#characters += remembered.length;
  }

  /** Whether the token was noted before; notes it. A wrong yes only keeps a token at its first sight. */
  #isNoted(token: string): boolean {
    let hash = 0;
    for (let at = token.length - 12; at < token.length; at++) hash = (Math.imul(hash, 31) + token.charCodeAt(at)) | 0;
    const place = (hash ^ (hash >>> 16)) & (NOTES - 1);
    if (this.#notes[place] === hash) return true;
    this.#notes[place] = hash;
    return false;
  }
}

/** A copy of an ASCII text that does not keep alive the Cookie header that it was cut from. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
