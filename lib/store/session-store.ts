/**
 * One session as a store keeps it.
 *
 * Times are NumericDates (RFC 7519 §2): seconds since 1970, possibly with a fraction, which a store keeps.
 */
export interface StoredSession {
  /** What the session holds, as text that the store never reads. Mostly empty where the data travels in the cookie. */
  readonly text: string;
  /** Number of saves: {@link SessionStore.create} keeps it as given, each {@link SessionStore.save} adds one. */
  readonly version: number;
  /** When the session began. */
  readonly createdAt: number;
  /** When it was last written or extended. */
  readonly seenAt: number;
  /** When it ends: from then on it is gone, whether the engine has cleaned up or not. */
  readonly expiresAt: number;
  /** Whose session it is: a hash. None: it is in no list, and `deleteAllOf` does not find it. @default none */
  readonly subject?: string | undefined;
  /** What a list of devices shows: text that the store never reads. @default none */
  readonly device?: string | undefined;
}

/** One entry of the list of a subject's sessions: all but the data. */
export interface StoredSessionInfo extends Omit<StoredSession, 'text'> {
  /** Under which key the session is stored. */
  readonly key: string;
}

/**
 * Where sessions live on a server. Implemented by `memoryStore()`, `redisStore()`, `postgresStore()` and `sqliteStore()`;
 * `storeContract()` of `nestjs-sessions/testing` checks one of your own.
 *
 * Keys and subjects are hashes: 1 to 128 letters, digits, `-` and `_`.
 *
 * Every method rejects where the engine cannot be asked, or stays pending where the engine does not answer: the caller has a
 * deadline. None swallows a failure, and none tries again without end. A command that an outage delays is harmless when it is
 * carried out late, because `save` and `touch` never create, `save` compares versions, and `deleteAllOf` spares younger sessions.
 */
export interface SessionStore {
  /** The session under `key`, or `undefined` where there is none or it has expired. Reads what was written last: no replica. */
  load(key: string): Promise<StoredSession | undefined>;

  /**
   * Stores a new session in one atomic step, if there is none under `key`. The only method that creates one; `key` is made of a
   * fresh random id, or of that of a session in a cookie that is taken over.
   *
   * @param since when the request began, as a NumericDate
   * @returns `'exists'`, and nothing is changed, where a living session is there; `'revoked'`, and nothing is stored, where
   * `deleteAllOf` was called for the subject with `before >= since`, up to {@link BARRIER_SECONDS} ago: a log-in that checked
   * the old password must not survive "log out everywhere"
   */
  create(key: string, session: StoredSession, since: number): Promise<'created' | 'exists' | 'revoked'>;

  /**
   * Replaces text, `seenAt` and `device` of a session in one atomic step, if it is still there and `session.version` is still its
   * version, which then is one more.
   *
   * @param moved whether subject or expiry differ from what was loaded: they are replaced too, and the index follows. Otherwise
   * they stay as they are stored: `touch`, which leaves the version alone, may have extended the session meanwhile. A session of
   * another person is better begun anew by `create`, which knows of revocations
   * @returns `'conflict'` where another save came first: load again; `'gone'` where the session was deleted or has expired
   */
  save(key: string, session: StoredSession, moved: boolean): Promise<'saved' | 'conflict' | 'gone'>;

  /**
   * Extends a session in one atomic step, and leaves data and version alone. Never shortens it: each time is the later one of the
   * stored and the given, because another request may have given it a longer life meanwhile. What shortens is `save`.
   *
   * @returns whether it was there; it is never created
   */
  touch(key: string, seenAt: number, expiresAt: number): Promise<boolean>;

  /** Ends a session. Does nothing where there is none. */
  delete(key: string): Promise<void>;

  /** The living sessions of a subject, in any order. */
  listOf(subject: string): Promise<readonly StoredSessionInfo[]>;

  /**
   * Ends the sessions of a subject with `createdAt <= before`, and holds back those whose log-in began before: see `create`.
   *
   * @param before when the request to do so began, as a NumericDate: what an outage delays must not end sessions begun since
   * @param except the key of a session that stays
   * @returns the keys of those that ended
   */
  deleteAllOf(subject: string, before: number, except?: string): Promise<readonly string[]>;

  /**
   * Tells `listener` the keys of sessions that were deleted, by this or another process. Best effort: what is deleted while the
   * connection is down is not told. Without this method, live sockets are checked from time to time.
   *
   * @returns stops it
   */
  subscribe?(listener: (keys: readonly string[]) => void): Promise<() => void>;

  /**
   * Removes what has expired, for engines that do not expire by themselves.
   *
   * @param limit how many sessions at most, so that no table is locked for long
   * @returns how many were removed: call again while it is `limit`
   */
  sweep?(limit: number): Promise<number>;
}

/** How long a store remembers that a subject was revoked, in seconds: longer than a request that logs in should take. */
export const BARRIER_SECONDS = 60;

/** The clock that stores compare `expiresAt` with: that of the application, whose requests are judged by it as well. */
export function nowInSeconds(): number {
  return Date.now() / 1000;
}
