import { rejected, type Rejected, type SessionRejectReason } from '../codec/session-codec.js';
import { copyJson } from '../data/json-data.js';
import type { SessionRecord } from '../data/session-data.js';
import type { RawRequest } from '../http/raw-http.js';
import { validateData } from '../options/session-schema.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { SessionTransport, TransportedSession } from '../transport/session-transport.js';
import { FLASH } from './flash.js';
import type { SessionLog } from './session-log.js';
import { SessionState } from './session-state.js';

/** Loads the session of a request: the one in the first valid cookie, or a new one. */
export class SessionLoader {
  readonly #settings: SessionSettings;
  readonly #log: SessionLog;

  constructor(settings: SessionSettings, log: SessionLog) {
    this.#settings = settings;
    this.#log = log;
  }

  /** @param now a NumericDate in whole seconds */
  load(request: RawRequest, now: number): SessionState {
    const { transports, format } = this.#settings;
    const header = request.headers.cookie;
    let reason: SessionRejectReason | undefined;
    for (const transport of header === undefined ? [] : transports) {
      let first: SessionRejectReason | undefined;
      for (const candidate of transport.read(header, now)) {
        const session = this.#judge(candidate, now);
        if (session.ok) return this.#loaded(session, transport, first, request, now);
        first ??= session.reason;
      }
      // The reason of the format whose shape the cookie has says most.
      if (first !== undefined && (reason === undefined || reason === 'malformed')) reason = first;
    }
    if (reason !== undefined) this.#report(reason, request);
    const hadCookie = reason !== undefined || transports.some((transport) => transport.namesIn(header).length > 0);
    return new SessionState({ hadCookie, session: undefined }, format, now);
  }

  #loaded(
    session: TransportedSession,
    transport: SessionTransport,
    rejectedBefore: SessionRejectReason | undefined,
    request: RawRequest,
    now: number,
  ): SessionState {
    const { transports, format, onAccept } = this.#settings;
    const isOwn = transport === transports[0];
    if (rejectedBefore !== undefined) this.#report(rejectedBefore, request);
    if (!isOwn && onAccept !== undefined)
      this.#call('onAccept', 'an accepted', () => onAccept(transport.format, request));
    // A session in another format than ours is re-issued in ours.
    return new SessionState({ hadCookie: true, session: isOwn ? session : { ...session, stale: true } }, format, now);
  }

  /** Whether an authentic session is also valid now, and of the shape that the application expects. */
  #judge(candidate: TransportedSession | Rejected, now: number): TransportedSession | Rejected {
    if (!candidate.ok) return candidate;
    const { lifetime } = this.#settings;
    const reason = lifetime.reject(candidate.claims, now);
    if (reason !== undefined) return rejected(reason);
    const data = this.#validate(candidate);
    return data === candidate.data
      ? candidate
      : data === undefined
        ? rejected('schema')
        : { ...candidate, data, isShared: false };
  }

  /** What the schema makes of the data; flash values are not described by it and pass beside it. */
  #validate({ data, isShared }: TransportedSession): SessionRecord | undefined {
    const { schema } = this.#settings;
    if (schema === undefined) return data;
    // A copy, because a schema may change its input, and other requests may share the data.
    const { [FLASH]: flash, ...rest } = isShared ? copyJson(data) : data;
    const validated = validateData(schema, rest);
    return validated === undefined || flash === undefined ? validated : { ...validated, [FLASH]: flash };
  }

  #report(reason: SessionRejectReason, request: RawRequest): void {
    const { onReject } = this.#settings;
    if (onReject === undefined) this.#log.debug(`Ignored a session cookie: ${reason}.`);
    else this.#call('onReject', 'an ignored', () => onReject(reason, request));
  }

  /** A hook that fails is a mistake of the application and not of the client: the request goes on. */
  #call(name: string, kind: string, hook: () => void): void {
    try {
      hook();
    } catch {
      this.#log.error(`Cannot report ${kind} session cookie: ${name} threw. Let it catch its own errors.`);
    }
  }
}
