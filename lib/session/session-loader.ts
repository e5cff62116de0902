import type { SessionRejectReason } from '../codec/session-codec.js';
import type { RawRequest } from '../http/raw-http.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { SessionTransport, TransportedSession } from '../transport/session-transport.js';
import { callHook } from './call-hook.js';
import type { SavedSession } from './saved-session.js';
import { type FetchedSessions, SessionJudge } from './session-judge.js';
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

/** Loads the session of a request: the one in the valid cookie that was issued last, or a new one. */
export class SessionLoader {
  readonly #settings: SessionSettings;
  readonly #log: SessionLog;
  readonly #judge: SessionJudge;

  constructor(settings: SessionSettings, log: SessionLog) {
    this.#settings = settings;
    this.#log = log;
    this.#judge = new SessionJudge(settings, log);
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
    const hadCookie = reason !== undefined || this.#isIn(header);
    return new SessionState({ hadCookie, session: undefined }, format, now);
  }

  /** `undefined` where the session has no time left, or has not the shape that the application expects. */
  #again({ session, before }: SavedSession, header: string | undefined, now: number): SessionState | undefined {
    const judged = session && this.#judge.inShape(this.#judge.inTime(session, now));
    if (judged?.ok === false) return undefined;
    const hadCookie = judged !== undefined || this.#isIn(header);
    return new SessionState({ hadCookie, session: judged, before }, this.#settings.format, now);
  }

  /** Whether a Cookie header has a cookie of ours, valid or not. */
  #isIn(header: string | undefined): boolean {
    return this.#settings.transports.some((transport) => transport.namesIn(header).length > 0);
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
        const session = this.#judge.inTime(candidate, now);
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
        ? this.#judge.inPlace(this.#judge.inTime(candidate, now), now, fetched)
        : this.#judge.inTime(candidate, now);
      const judged = this.#judge.inShape(placed);
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

  #report(reason: SessionRejectReason, request: RawRequest): void {
    const { onReject } = this.#settings;
    if (onReject === undefined) this.#log.debug(`Ignored a session cookie: ${reason}.`);
    else {
      const call = () => onReject(reason, request);
      callHook({ name: 'onReject', subject: 'an ignored session cookie', call }, this.#log);
    }
  }
}
