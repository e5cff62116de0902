import type { IncomingMessage } from 'node:http';
import type { SessionSerializer } from '../data/data-format.js';
import type { SessionRejectReason } from '../codec/session-codec.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import type { SessionSecret } from '../rules/secret-bytes.js';
import type { SessionSchema } from './session-schema.js';

/** What may be in the cookie: a JWS or a JWE. */
export type CookieFormat = 'signed' | 'encrypted';

/** Options of `SessionModule.forRoot()`. All times are in seconds. Checked once, at start. */
export interface SessionModuleOptions {
  /**
   * The secret that the keys are derived from, at least 32 random bytes; or several, newest first: the first seals,
   * all of them open. Make one by `openssl rand -base64 32`.
   */
  readonly secretKey: SessionSecret | readonly SessionSecret[];

  /**
   * Name of the cookie, a token of RFC 6265 §4.1.1. The prefixes `__Host-` and `__Secure-` are kept to their rules.
   * @default 'session'
   */
  readonly cookieName?: string | undefined;

  /**
   * Lifetime in seconds since the cookie was last issued; enforced by the server and sent as Max-Age.
   * @default 1209600 (14 days)
   */
  readonly maxAge?: number | undefined;

  /**
   * Upper bound of the lifetime in seconds since the session was created, whatever the activity.
   * @default none
   */
  readonly absoluteMaxAge?: number | undefined;

  /**
   * Whether reading extends the session too; the cookie is issued anew once a tenth of `maxAge` has passed.
   * @default false (only writing does)
   */
  readonly rolling?: boolean | undefined;

  /**
   * Whether the browser forgets the cookie when it closes. The server enforces `maxAge` all the same.
   * A session with a `maxAge` of its own is kept.
   * @default false
   */
  readonly expireOnBrowserClose?: boolean | undefined;

  /**
   * Whether other sites' requests carry the cookie. `'none'` needs `secure: true`.
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined;

  /**
   * Whether the cookie is hidden from scripts.
   * @default true
   */
  readonly httpOnly?: boolean | undefined;

  /** @default '/' */
  readonly path?: string | undefined;

  /** @default none: the host that set the cookie, without its sub-domains */
  readonly domain?: string | undefined;

  /**
   * Whether the cookie is kept apart for each top-level site (CHIPS). Needs `secure: true`.
   * @default false
   */
  readonly partitioned?: boolean | undefined;

  /** Which cookies Chromium evicts last. @default none */
  readonly priority?: 'low' | 'medium' | 'high' | undefined;

  /**
   * Whether the cookie travels over TLS only. `'auto'`: exactly when the request came over TLS, as Express or Fastify
   * judge it, so behind a proxy their "trust proxy" setting decides.
   * @default 'auto'
   */
  readonly secure?: boolean | 'auto' | undefined;

  /**
   * Whether responses tell caches about the session: `Vary: Cookie` where it was used, `Cache-Control: private,
   * no-store` beside a Set-Cookie where the application set none.
   * @default true
   */
  readonly cacheHeaders?: boolean | undefined;

  /**
   * Whether the cookie is encrypted (JWE) instead of signed only (JWS), so that nobody but the server can read it.
   * @default false
   */
  readonly encrypt?: boolean | undefined;

  /**
   * A format of another package or another language that cookies are read and written in, of
   * `nestjs-sessions/interop`: live sessions can be shared with a service that uses it.
   * @default ours
   */
  readonly codec?: ForeignFormat | undefined;

  /**
   * Formats beside the one that is written, ours or those of `nestjs-sessions/interop`: a cookie in one of them is
   * opened and issued anew. To switch between signed and encrypted during operation, let all instances accept the new format first, then switch, then accept the old one until it has expired.
   * @default []
   */
  readonly accept?: readonly (CookieFormat | ForeignFormat)[] | undefined;

  /**
   * How many cookies a large session may be spread over, 1 to 16: `session`, `session.1` … Each has 4096 bytes; all
   * together stay 4096 bytes below Node's limit for the headers of a request (`--max-http-header-size`, 16 KiB).
   * @default 1
   */
  readonly cookieCount?: number | undefined;

  /**
   * Whether cookies that were found authentic are remembered, so that a cookie that comes again needs no cryptography.
   * At most some 2000 of a session's cookies are kept, with 1 MiB of text; their content then stays in memory for longer
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
   * A schema of zod, valibot or another implementation of Standard Schema that what came is validated by: what it
   * refuses is a fresh session, and what it transforms is what the handler sees. Synchronous.
   * @default none
   */
  readonly schema?: SessionSchema | undefined;

  /**
   * Called with the name of the format when a session came in one of `accept`, and with the raw request: as long as it is
   * called, the old format is still in use.
   */
  readonly onAccept?: ((format: string, request: IncomingMessage) => void) | undefined;

  /**
   * Called at most once a request, with the reason why a cookie was not
   * accepted and with the raw request that it came with, to count or to alert.
   * @default a debug line in Nest's log
   */
  readonly onReject?: ((reason: SessionRejectReason, request: IncomingMessage) => void) | undefined;
}

/** What `useClass` and `useExisting` of `SessionModule.forRootAsync()` are to implement. */
export interface SessionOptionsFactory {
  createSessionOptions(): SessionModuleOptions | Promise<SessionModuleOptions>;
}

/** The name of the session of an application that has only one. */
export const DEFAULT_NAME = 'default';

/** The defaults of the options that have one. */
export const DEFAULTS = {
  cookieName: 'session',
  maxAge: 14 * 24 * 60 * 60,
  rolling: false,
  expireOnBrowserClose: false,
  sameSite: 'lax',
  httpOnly: true,
  path: '/',
  partitioned: false,
  secure: 'auto',
  encrypt: false,
  accept: [],
  cookieCount: 1,
  rememberVerified: true,
  cacheHeaders: true,
} as const satisfies Partial<SessionModuleOptions>;
