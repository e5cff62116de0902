import { rejected, type Rejected, type SessionRejectReason } from '../codec/session-codec.js';
import { JSON_FORMAT } from '../data/data-format.js';
import { copyJson, isSafeJson } from '../data/json-data.js';
import type { SessionRecord } from '../data/session-data.js';
import type { RawRequest } from '../http/raw-http.js';
import { validateData } from '../options/session-schema.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { SessionTransport, TransportedSession } from '../transport/session-transport.js';
import { callHook } from './call-hook.js';
import { CSRF } from './csrf-token.js';
import { FLASH } from './flash.js';
import type { SavedSession } from './saved-session.js';
import type { SessionLog } from './session-log.js';
import { SessionState } from './session-state.js';

/** A valid session, and the transport that has read it. */
interface FoundSession {
  readonly session: TransportedSession;
  readonly transport: SessionTransport;
}

/** The newest valid session of a transport, if there is one. */
interface Newest {
  readonly session: TransportedSession | undefined;
  /** Why the first cookie before it was rejected. */
  readonly rejectedBefore: SessionRejectReason | undefined;
  /** How many candidates there were. */
  readonly count: number;
}

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

/** Loads the session of a request: the one in the valid cookie that was issued last, or a new one. */
export class SessionLoader {
  readonly #settings: SessionSettings;
  readonly #log: SessionLog;

  constructor(settings: SessionSettings, log: SessionLog) {
    this.#settings = settings;
    this.#log = log;
  }

  /**
   * @param now a NumericDate in whole seconds
   * @param fetched where the data is in a store
   * @throws SessionError as `fetched` does
   */
  load(request: RawRequest, now: number, fetched?: FetchedSessions): SessionState {
    const { transports, format } = this.#settings;
    const header = request.headers.cookie;
    const saved = fetched?.saved(now);
    const again = saved && this.#again(saved, header, now);
    if (again !== undefined) return again;
    let reason: SessionRejectReason | undefined;
    for (const transport of header === undefined ? [] : transports) {
      const { session, rejectedBefore, count } = this.#newest(transport, header, now, fetched);
      if (session !== undefined) {
        const found =
          count === 1 ? { session, transport } : this.#newestOfName({ session, transport }, header, now, fetched);
        return this.#loaded(found, rejectedBefore, request, now);
      }
      // The reason of the format whose shape the cookie has says most.
      if (rejectedBefore !== undefined && (reason === undefined || reason === 'malformed')) reason = rejectedBefore;
    }
    if (reason !== undefined) this.#report(reason, request);
    const hadCookie = reason !== undefined || transports.some((transport) => transport.namesIn(header).length > 0);
    return new SessionState({ hadCookie, session: undefined }, format, now);
  }

  /** `undefined` where the session has no time left, or has not the shape that the application expects. */
  #again({ session, before }: SavedSession, header: string | undefined, now: number): SessionState | undefined {
    const { transports, format } = this.#settings;
    if (session === undefined) {
      const hadCookie = transports.some((transport) => transport.namesIn(header).length > 0);
      return new SessionState({ hadCookie, session, before }, format, now);
    }
    const judged = this.#judge(this.#inTime(session, now));
    return judged.ok ? new SessionState({ hadCookie: true, session: judged, before }, format, now) : undefined;
  }

  /** A session that no cookie has brought. @param now a NumericDate in whole seconds */
  create(now: number): SessionState {
    return new SessionState({ hadCookie: false, session: undefined }, this.#settings.format, now);
  }

  /** The sessions of the cookies of ours in a request that are authentic, and whose time has not run out. */
  sessionsIn(request: RawRequest, now: number): readonly TransportedSession[] {
    const header = request.headers.cookie;
    if (header === undefined) return [];
    const found: TransportedSession[] = [];
    for (const transport of this.#settings.transports) {
      for (const candidate of transport.isOurs ? transport.read(header, now) : []) {
        const session = this.#inTime(candidate, now);
        if (session.ok) found.push(session);
      }
    }
    return found;
  }

  /**
   * The session that was issued last, of the valid ones in a transport's cookies: browsers send the cookie with the longer
   * path first, then the older one (RFC 6265 §5.4), as after a change of `path` or `domain`.
   */
  #newest(transport: SessionTransport, header: string | undefined, now: number, fetched?: FetchedSessions): Newest {
    const { lifetime } = this.#settings;
    let session: TransportedSession | undefined;
    let rejectedBefore: SessionRejectReason | undefined;
    let count = 0;
    for (const candidate of transport.read(header, now)) {
      count++;
      const placed = transport.isOurs
        ? this.#place(this.#inTime(candidate, now), now, fetched)
        : this.#inTime(candidate, now);
      const judged = this.#judge(placed);
      if (!judged.ok) {
        if (session === undefined) rejectedBefore ??= judged.reason;
      } else if (session === undefined || !lifetime.isOlder(judged.claims, session.claims)) session = judged;
    }
    return { session, rejectedBefore, count };
  }

  /** Of several cookies of one name, one may be signed and another one encrypted. */
  #newestOfName(
    found: FoundSession,
    header: string | undefined,
    now: number,
    fetched: FetchedSessions | undefined,
  ): FoundSession {
    const { transports, lifetime } = this.#settings;
    const rivals = transports.filter((each) => each !== found.transport && each.names === found.transport.names);
    return rivals.reduce((best, transport) => {
      const { session } = this.#newest(transport, header, now, fetched);
      return session === undefined || lifetime.isOlder(session.claims, best.session.claims)
        ? best
        : { session, transport };
    }, found);
  }

  #loaded(
    { session, transport }: FoundSession,
    rejectedBefore: SessionRejectReason | undefined,
    request: RawRequest,
    now: number,
  ): SessionState {
    const { transports, format, onAccept } = this.#settings;
    const isOwn = transport === transports[0];
    if (rejectedBefore !== undefined) this.#report(rejectedBefore, request);
    if (!isOwn && onAccept !== undefined) {
      const call = () => onAccept(transport.format, request);
      callHook({ name: 'onAccept', subject: 'an accepted session cookie', call }, this.#log);
    }
    // A session in another format than ours is re-issued in ours.
    return new SessionState({ hadCookie: true, session: isOwn ? session : { ...session, stale: true } }, format, now);
  }

  /** Whether an authentic session has time left. */
  #inTime(candidate: TransportedSession | Rejected, now: number): TransportedSession | Rejected {
    if (!candidate.ok) return candidate;
    const { lifetime } = this.#settings;
    const claims = lifetime.bound(candidate.claims, now);
    const reason = lifetime.reject(claims, now);
    if (reason !== undefined) return rejected(reason);
    return claims === candidate.claims ? candidate : { ...candidate, claims };
  }

  /** The data of a session, from where its cookie says that it is. */
  #place(
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
  #judge(candidate: TransportedSession | Rejected): TransportedSession | Rejected {
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

  #report(reason: SessionRejectReason, request: RawRequest): void {
    const { onReject } = this.#settings;
    if (onReject === undefined) this.#log.debug(`Ignored a session cookie: ${reason}.`);
    else {
      const call = () => onReject(reason, request);
      callHook({ name: 'onReject', subject: 'an ignored session cookie', call }, this.#log);
    }
  }
}

const WITHOUT_STORE =
  'Ignored session cookies: they need a store, and this instance has none. Give each instance the same option store.';
const WITH_STORE =
  'Ignored session cookies: they are from before this instance had a store. Their users log in anew; store.adopt takes them over.';
