import type { DataFormat } from '../data/data-format.js';
import { rejected, type Rejected, type SessionClaims, type SessionCodec } from '../codec/session-codec.js';
import type { CookieLimits, SerializedCookie, SessionCookie } from '../cookie/session-cookie.js';
import type { CarriedSession, Departure, SessionCarrier } from './session-transport.js';

/** Carries a session as a token of ours. */
export class TokenCarrier implements SessionCarrier {
  readonly format: string;
  readonly codec: SessionCodec;
  readonly cookie: SessionCookie;
  readonly #data: DataFormat;

  constructor(format: string, codec: SessionCodec, cookie: SessionCookie, data: DataFormat) {
    this.format = format;
    this.codec = codec;
    this.cookie = cookie;
    this.#data = data;
  }

  get limits(): CookieLimits {
    return this.cookie.limits;
  }

  open(header: string | undefined): Iterable<CarriedSession | Rejected> {
    const tokens = this.cookie.read(header);
    // Nearly always there is one cookie, and a generator would cost more than looking for it.
    if (Array.isArray(tokens) && tokens.length === 1) return [this.#unseal(tokens[0])];
    return this.#unsealAll(tokens);
  }

  write(claims: SessionClaims, text: string, { maxAge, secure, header }: Departure): SerializedCookie {
    return this.cookie.serialize(this.codec.seal(claims, text), maxAge, secure, header);
  }

  namesIn(header: string | undefined): readonly string[] {
    return this.cookie.namesIn(header);
  }

  delete(names: readonly string[], secure: boolean): readonly string[] {
    return this.cookie.delete(names, secure);
  }

  *#unsealAll(tokens: Iterable<string>): Generator<CarriedSession | Rejected> {
    for (const token of tokens) yield this.#unseal(token);
  }

  #unseal(token: string): CarriedSession | Rejected {
    // Before any cryptography: a client may send what it likes, as long as Node's header limit lets it through.
    if (token.length > this.limits.size) return rejected('too-large');
    const opened = this.codec.unseal(token);
    if (!opened.ok) return opened;
    const data = this.#data.accept(opened.data);
    if (data === undefined) return rejected('malformed');
    return { ok: true, claims: opened.claims, data, stale: opened.stale };
  }
}
