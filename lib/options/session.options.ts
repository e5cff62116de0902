import type { IncomingMessage } from 'node:http';
import type { CookieScope } from '../cookie/cookie-writers.js';
import type { SessionSerializer } from '../data/data-format.js';
import type { SessionRejectReason } from '../codec/session-codec.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import type { SessionSecret } from '../rules/secret-bytes.js';
import type { SessionEventHooks } from './session.events.js';
import type { SessionStore } from '../store/session-store.js';
import type { SessionSchema } from './session-schema.js';
import type { SessionStoreOptions } from './store-options.js';

/** A secret, or several, newest first. It is not `undefined`: write `process.env.SESSION_SECRET ?? ''`, which is an error at start. */
export type SecretKey = SessionSecret | readonly SessionSecret[];

/** The format of our cookie: a JWS (`signed`) or a JWE (`encrypted`). */
export type CookieFormat = 'signed' | 'encrypted';

/** A value, or a function that returns it for a request; `undefined` is the default. Each value is checked. */
export type ByRequest<T> = T | ((request: IncomingMessage) => T | undefined);

/** Options of `SessionModule.forRoot()`, checked once, at start. All times are in seconds. */
export interface SessionModuleOptions extends SessionEventHooks {
  /**
   * The secret from which the keys are derived: at least 32 random bytes, as from `npx nestjs-sessions secret`. Or a list,
   * newest first: the first secret signs, all of them verify. A cookie signed with an older one is re-signed when used.
   */
  readonly secretKey: SecretKey;

  /**
   * Name of the cookie, a token of RFC 6265 §4.1.1. The rules of the prefixes `__Host-`, `__Secure-` and
   * `__Http-` are checked.
   * @default 'session'
   */
  readonly cookieName?: string | undefined;

  /**
   * Lifetime in seconds since the cookie was last issued: enforced by the server and sent as Max-Age. A lower value ends
   * cookies that were issued with more, unless their session is younger than that.
   * @default 1209600 (14 days)
   */
  readonly maxAge?: number | undefined;

  /**
   * Maximum lifetime in seconds since the session was created, regardless of activity. A session may have its own, by
   * `session.setLifetime()`.
   * @default none
   */
  readonly absoluteMaxAge?: number | undefined;

  /**
   * Whether reading extends the session too: the cookie is re-issued once a tenth of `maxAge` has passed.
   * @default false: only writing extends it
   */
  readonly rolling?: boolean | undefined;

  /**
   * Whether the browser deletes the cookie when it closes. The server still enforces `maxAge`.
   * Does not apply to a session with its own `maxAge`.
   * @default false
   */
  readonly expireOnBrowserClose?: boolean | undefined;

  /**
   * Whether requests from other sites carry the cookie. `'none'` needs `secure: true`. Or a function of the request.
   * @default 'lax'
   */
  readonly sameSite?: ByRequest<'lax' | 'strict' | 'none'> | undefined;

  /**
   * Whether the cookie is hidden from scripts.
   * @default true
   */
  readonly httpOnly?: boolean | undefined;

  /** Path of the URLs that get the cookie, with everything below it. @default '/' */
  readonly path?: string | undefined;

  /**
   * Domain that gets the cookie, with its sub-domains. Or a function of the request, for tenants on several domains: it
   * picks from a list, because a client may send any Host header.
   * @default none: the host itself, without sub-domains
   */
  readonly domain?: ByRequest<string> | undefined;

  /**
   * The domains and paths that the cookie has had: browsers keep a cookie of another domain or path beside the new one, and
   * so a deletion deletes it there too. Without `domain`, and without `path`, the defaults of these options.
   * @default []; where `domain` is set, a deletion always covers the cookie without one
   */
  readonly formerly?: readonly CookieScope[] | undefined;

  /**
   * Whether browsers keep a separate cookie for each top-level site (CHIPS). Needs `secure: true`.
   * @default false
   */
  readonly partitioned?: boolean | undefined;

  /** Priority by which Chromium evicts cookies, lowest first. @default none */
  readonly priority?: 'low' | 'medium' | 'high' | undefined;

  /**
   * Whether browsers send the cookie over TLS only. `'auto'`: if the request came over TLS according to Express or
   * Fastify; behind a proxy, their "trust proxy" setting decides. Or a function of the request.
   * @default 'auto'
   */
  readonly secure?: ByRequest<boolean | 'auto'> | undefined;

  /**
   * Whether responses tell caches about the session: `Vary: Cookie` if it was used, and `Cache-Control: private,
   * no-store` with a Set-Cookie, unless the application sets its own Cache-Control.
   * @default true
   */
  readonly cacheHeaders?: boolean | undefined;

  /**
   * Whether the cookie is encrypted (JWE), so that only the server can read it, instead of signed (JWS); and what a store has of
   * the session, under a key that is made of the session's id.
   * @default false
   */
  readonly encrypt?: boolean | undefined;

  /**
   * A format from `nestjs-sessions/interop` in which cookies are read and written, to share live sessions with a
   * service in another package or language.
   * @default none: our own format
   */
  readonly codec?: ForeignFormat | undefined;

  /**
   * Further formats to read, ours or from `nestjs-sessions/interop`: a cookie in one of them is accepted and re-issued
   * in the format that is written. To switch a running application between signed and encrypted, first let all
   * instances accept the new format, then switch, then accept the old one until it has expired.
   * @default []
   */
  readonly accept?: readonly (CookieFormat | ForeignFormat)[] | undefined;

  /**
   * Maximum number of cookies for a large session, 1 to 16: `session`, `session.1` … of at most 4096 bytes each. Those of
   * all sessions of the application together stay 4096 bytes below what the server reads of a request's headers
   * (`maxHeaderSize` of the server or `--max-http-header-size`, 16 KiB): larger sessions share what smaller ones leave.
   * @default 1
   */
  readonly cookieCount?: number | undefined;

  /**
   * Whether `SessionManager.current()` finds the session of the running request, without the request, by an
   * `AsyncLocalStorage`.
   * @default false: none is made
   */
  readonly currentSession?: boolean | undefined;

  /**
   * Whether cookies that were found authentic are remembered, so that a cookie that comes again needs no cryptography.
   * At most some 2000 of a session's cookies are kept, with 896 KiB of text; their content then stays in memory for longer
   * than a request. Expiry and schema are judged at each use.
   * @default true
   */
  readonly rememberVerified?: boolean | undefined;

  /**
   * Another way of writing the data than JSON, for Dates, Maps, BigInts and the like.
   * @default JSON
   */
  readonly serializer?: SessionSerializer | undefined;

  /**
   * A synchronous schema of zod, valibot or another implementation of Standard Schema that validates each loaded
   * session. The handler gets its result; if it rejects the data, the session is new and empty.
   * @default none
   */
  readonly schema?: SessionSchema | undefined;

  /**
   * Where the data of sessions is kept, if not in the cookie: the cookie then holds id and times only, the data may be large,
   * and `destroy()` acts at once for each copy of the cookie. A store of `nestjs-sessions/store`, or options with one.
   * @default none: the cookie holds the session
   */
  readonly store?: SessionStore | SessionStoreOptions | undefined;

  /**
   * Called with the name of the format and the raw request when a session came in a format of `accept`: as long as this
   * happens, the format is still in use. May be asynchronous; what it throws or rejects with is logged.
   * @default none
   */
  readonly onAccept?: ((format: string, request: IncomingMessage) => unknown) | undefined;

  /**
   * Called with the reason and the raw request when a cookie was rejected, to count or to alert; at most once per
   * request. May be asynchronous; what it throws or rejects with is logged.
   * @default a debug line in Nest's log
   */
  readonly onReject?: ((reason: SessionRejectReason, request: IncomingMessage) => unknown) | undefined;
}

/** The interface of classes for `useClass` and `useExisting` of `SessionModule.forRootAsync()`. */
export interface SessionOptionsFactory {
  /** Returns the options; called once, at start. */
  createSessionOptions(): SessionModuleOptions | Promise<SessionModuleOptions>;
}

/** Name of a session that was registered without one. */
export const DEFAULT_NAME = 'default';
