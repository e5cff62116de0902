import {
  type OpenedToken,
  rejected,
  type Rejected,
  type SessionClaims,
  type SessionCodec,
  type Unsealed,
} from '../codec/session-codec.js';
import type { VerifiedTokens } from '../codec/verified-tokens.js';
import type { VaryingAttributes } from '../cookie/cookie-writers.js';
import type { CookieLimits, SerializedCookie, SessionCookie } from '../cookie/session-cookie.js';
import type { DataFormat } from '../data/data-format.js';
import { isReadable } from '../data/readable.js';
import type { CookieContext, SessionTransport, TransportedSession } from './session-transport.js';

/** Transports a session as a token of ours, in one cookie or several. */
export class TokenCookie implements SessionTransport {
  readonly format: string;
  readonly isOurs = true;
  readonly codec: SessionCodec;
  readonly cookie: SessionCookie;
  readonly #data: DataFormat;
  /** What was written within wider limits, before another session was added, can still be read. */
  readonly #readable: number;
  readonly #verified: VerifiedTokens<OpenedToken> | undefined;

  /** @param verified the memory of this codec's tokens; without one each token is verified each time */
  constructor(
    format: string,
    codec: SessionCodec,
    cookie: SessionCookie,
    data: DataFormat,
    verified: VerifiedTokens<OpenedToken> | undefined,
  ) {
    this.format = format;
    this.codec = codec;
    this.cookie = cookie;
    this.#data = data;
    this.#readable = cookie.limits.size;
    this.#verified = verified;
  }

  get names(): readonly [string, ...string[]] {
    return this.cookie.names;
  }

  get limits(): CookieLimits {
    return this.cookie.limits;
  }

  read(header: string | undefined): Iterable<TransportedSession | Rejected> {
    const tokens = this.cookie.read(header);
    // Nearly always there is one cookie: a generator would cost more than reading it.
    if (Array.isArray(tokens) && tokens.length === 1) return [this.#unseal(tokens[0])];
    return this.#unsealAll(tokens);
  }

  serialize(claims: SessionClaims, text: string, { maxAge, secure, header, varying }: CookieContext): SerializedCookie {
    const length = this.codec.tokenLength(claims, text);
    // Far too long a text is neither encoded nor signed: its size is all that is needed.
    const token = length > this.limits.size ? '-'.repeat(length) : this.codec.seal(claims, text);
    return this.cookie.serialize(token, maxAge, secure, header, varying);
  }

  namesIn(header: string | undefined): readonly string[] {
    return this.cookie.namesIn(header);
  }

  delete(names: readonly string[], secure: boolean, varying?: VaryingAttributes): readonly string[] {
    return this.cookie.delete(names, secure, varying);
  }

  *#unsealAll(tokens: Iterable<string>): Generator<TransportedSession | Rejected> {
    for (const token of tokens) yield this.#unseal(token);
  }

  #unseal(token: string): TransportedSession | Rejected {
    // Before any cryptography: a client may send as much as Node's header limit allows.
    if (token.length > Math.max(this.#readable, this.limits.size)) return rejected('too-large');
    const opened = this.#verified?.get(token) ?? this.#verify(token);
    if (!opened.ok) return opened;
    const data = this.#data.accept(opened.data);
    if (data === undefined || (typeof opened.data === 'string' && !isReadable(data))) return rejected('malformed');
    const { claims, stale, isPointer } = opened;
    return { ok: true, claims, data, stale, isShared: data === opened.data, isPointer };
  }

  #verify(token: string): Unsealed {
    const opened = this.codec.unseal(token);
    if (opened.ok) this.#verified?.add(token, opened);
    return opened;
  }
}
