import { rejected, type Rejected } from '../codec/session-codec.js';
import { JSON_FORMAT } from '../data/data-format.js';
import { copyJson, isSafeJson } from '../data/json-data.js';
import type { SessionRecord } from '../data/session-data.js';
import { validateData } from '../options/session-schema.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { TransportedSession } from '../transport/session-transport.js';
import { CSRF } from './csrf-token.js';
import { FLASH } from './flash.js';
import type { SavedSession } from './saved-session.js';
import type { SessionLog } from './session-log.js';

/** The sessions that were fetched from a store for a request. */
export interface FetchedSessions {
  /**
   * The session of a cookie, with the data from where it is.
   * @throws SessionError `ERR_SESSION_NOT_LOADED` or `ERR_SESSION_STORE_UNAVAILABLE`
   */
  of(cookie: TransportedSession, now: number): TransportedSession | Rejected;
  /**
   * The session that the request itself has saved and loads again; `undefined` where there is none any more.
   * @throws SessionError as `of`
   */
  saved(now: number): SavedSession | undefined;
}

/** Judges an authentic session: whether it has time left, where its data is, and whether that has the shape it should. */
export class SessionJudge {
  readonly #settings: SessionSettings;
  readonly #log: SessionLog;

  constructor(settings: SessionSettings, log: SessionLog) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Whether an authentic session has time left. */
  inTime(candidate: TransportedSession | Rejected, now: number): TransportedSession | Rejected {
    if (!candidate.ok) return candidate;
    const { lifetime } = this.#settings;
    const claims = lifetime.bound(candidate.claims, now);
    const reason = lifetime.reject(claims, now);
    if (reason !== undefined) return rejected(reason);
    return claims === candidate.claims ? candidate : { ...candidate, claims };
  }

  /** The data of a session, from where its cookie says that it is. */
  inPlace(
    candidate: TransportedSession | Rejected,
    now: number,
    fetched: FetchedSessions | undefined,
  ): TransportedSession | Rejected {
    if (!candidate.ok) return candidate;
    const placed = fetched?.of(candidate, now) ?? (candidate.claims.st === 1 ? rejected('stored') : candidate);
    if (!placed.ok && placed.reason === 'stored') {
      this.#log.warnOnce(fetched === undefined ? WITHOUT_STORE : WITH_STORE);
    }
    return placed;
  }

  /** Whether a session has the shape that the application expects. */
  inShape(candidate: TransportedSession | Rejected): TransportedSession | Rejected {
    if (!candidate.ok) return candidate;
    const data = this.#validate(candidate);
    if (data === undefined) return rejected('schema');
    return data === candidate.data ? candidate : { ...candidate, data, isShared: false };
  }

  /** What the schema makes of the data; flash values and the CSRF secret are not described by it and pass beside it. */
  #validate({ data, isShared }: TransportedSession): SessionRecord | undefined {
    const { schema, format } = this.#settings;
    if (schema === undefined) return data;
    // A copy, because a schema may change its input, and other requests may share the data.
    const { [FLASH]: flash, [CSRF]: csrf, ...rest } = isShared ? copyJson(data) : data;
    const validated = validateData(schema, rest);
    // JSON carries no cycle, nor what is nested too deep: the session could be neither copied nor written.
    if (format === JSON_FORMAT && !isSafeJson(validated)) return undefined;
    if (validated === undefined || (flash === undefined && csrf === undefined)) return validated;
    const ours = Object.entries({ [FLASH]: flash, [CSRF]: csrf }).filter(([, value]) => value !== undefined);
    return { ...validated, ...Object.fromEntries(ours) };
  }
}

const WITHOUT_STORE =
  'Ignored session cookies: they need a store, and this instance has none. Give each instance the same option store.';
const WITH_STORE =
  'Ignored session cookies: they are from before this instance had a store. Their users log in anew; store.adopt takes them over.';
