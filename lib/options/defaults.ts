import type { SessionModuleOptions } from './session.options.js';

/** The defaults of options. */
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
  formerly: [],
  cookieCount: 1,
  rememberVerified: true,
  currentSession: false,
  cacheHeaders: true,
} as const satisfies Partial<SessionModuleOptions>;

/** The options with their defaults filled in. */
export type ParsedOptions = SessionModuleOptions & {
  readonly [K in keyof typeof DEFAULTS]: NonNullable<SessionModuleOptions[K]>;
};
