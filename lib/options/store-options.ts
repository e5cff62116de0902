import type { IncomingMessage } from 'node:http';
import { isRecord, type SessionRecord } from '../data/session-data.js';
import { checkOptions, FLAG, FUNCTION, oneOf, type Rule, type RuleTable } from '../rules/check-options.js';
import type { SessionStore } from '../store/session-store.js';

/** How sessions are kept in a store. */
export interface SessionStoreOptions {
  /** Where the records of sessions are: `memoryStore()`, `redisStore(client)` … of `nestjs-sessions/store`, or one of your own. */
  readonly store: SessionStore;

  /**
   * Where the data is: `'store'`, or `'cookie'`, as without a store. The store then has a small record of each session, which
   * is valid as long as that exists; with the option `subject`, of each session of a person.
   * @default 'store'
   */
  readonly data?: 'store' | 'cookie' | undefined;

  /**
   * Whose session it is, such as the id of the user, once somebody has logged in; called before each save. The store gets a
   * hash of it.
   * @default none
   */
  readonly subject?: ((data: SessionRecord) => string | undefined) | undefined;

  /**
   * What a list of a person's sessions shows of this one, such as the name of the browser; called when the session is created or
   * saved. Control characters become spaces, and 200 characters are kept.
   * @default none: nothing is kept
   */
  readonly describe?: ((request: IncomingMessage) => string | undefined) | undefined;

  /**
   * Whether sessions in cookies from before this instance had a store are taken over: they are read as they are, and have a
   * record from their next write on.
   * @default false: they are not accepted
   */
  readonly adopt?: boolean | undefined;

  /** How long a command of the store may take, in seconds; a fraction is possible. @default 1 */
  readonly timeout?: number | undefined;

  /**
   * What a request gets that uses its session while the store does not answer: `'error'` throws
   * `ERR_SESSION_STORE_UNAVAILABLE`, a 503, at the first use; `'anonymous'` gives an empty session that cannot be changed.
   * @default 'error'
   */
  readonly unavailable?: 'error' | 'anonymous' | undefined;

  /**
   * Whether nothing is to be fetched for a request, for example for files. Its session can be fetched by `sessions.load()`.
   * @default none: the session of each request with a valid cookie is fetched
   */
  readonly skip?: ((request: IncomingMessage) => boolean) | undefined;

  /**
   * How often expired sessions are removed, in seconds, from a store that does not do so itself; `false`: never, where a
   * scheduled job calls `store.sweep()`.
   * @default 900
   */
  readonly sweepEvery?: number | false | undefined;
}

/** The defaults of options of a store. */
export const DEFAULTS = { data: 'store', adopt: false, timeout: 1, unavailable: 'error', sweepEvery: 900 } as const;

/** The options with their defaults filled in. */
export type StoreSettings = SessionStoreOptions & {
  readonly [K in keyof typeof DEFAULTS]: NonNullable<SessionStoreOptions[K]>;
};

const METHODS = ['load', 'create', 'save', 'touch', 'delete', 'listOf', 'deleteAllOf'] as const;

/** A store, or options with one. */
export const STORE: Rule = [
  (value) => isStore(value) || (isRecord(value) && isStore(value.store)),
  'Give a store of nestjs-sessions/store, such as memoryStore(), or an object { store, … } with one.',
];

const SECONDS: Rule = [isSeconds, 'Give a number of seconds above 0, at most 86400.'];

const RULES: RuleTable<SessionStoreOptions> = {
  store: STORE,
  data: oneOf('store', 'cookie'),
  subject: FUNCTION,
  describe: FUNCTION,
  adopt: FLAG,
  timeout: SECONDS,
  unavailable: oneOf('error', 'anonymous'),
  skip: FUNCTION,
  sweepEvery: [(value) => value === false || isSeconds(value), 'Give false, or seconds above 0, at most 86400.'],
};

/**
 * Checks the option `store` and fills in the defaults.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`, naming the option and the remedy
 */
export function parseStore(given: SessionStore | SessionStoreOptions, nameOf: (name: string) => string): StoreSettings {
  const options = isStore(given) ? { store: given } : checkOptions(given, RULES, (name) => nameOf(`store.${name}`));
  // Without a prototype, as the other options.
  return Object.freeze(Object.assign(Object.create(null) as object, DEFAULTS, options) as StoreSettings);
}

function isStore(value: unknown): value is SessionStore {
  if (typeof value !== 'object' || value === null) return false;
  return METHODS.every((method) => typeof (value as Record<string, unknown>)[method] === 'function');
}

function isSeconds(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 86_400;
}
