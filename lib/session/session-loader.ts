import { Logger } from '@nestjs/common';
import { rejected, type Rejected, type SessionRejectReason } from '../codec/session-codec.js';
import type { RawRequest } from '../http/raw-http.js';
import { validateData } from '../options/session-schema.js';
import type { SessionSettings } from '../options/session.settings.js';
import type { CarriedSession, SessionCarrier } from '../transport/session-transport.js';
import { SessionState } from './session-state.js';

/** Turns what a request brought into a session: the one in the first cookie that is valid, or a new one. */
export class SessionOpener {
  readonly #settings: SessionSettings;
  /** Is told its context with each line: to add one itself takes Nest's logger longer, and clients decide how often. */
  readonly #logger = new Logger();
  readonly #context: string;

  /** @param context what log lines are said to come from */
  constructor(settings: SessionSettings, context: string) {
    this.#settings = settings;
    this.#context = context;
  }

  /** @param now a NumericDate in whole seconds */
  open(request: RawRequest, now: number): SessionState {
    const { carriers, format } = this.#settings;
    const header = request.headers.cookie;
    let reason: SessionRejectReason | undefined;
    for (const carrier of header === undefined ? [] : carriers) {
      let first: SessionRejectReason | undefined;
      for (const candidate of carrier.open(header, now)) {
        const opened = this.#judge(candidate, now);
        if (opened.ok) return this.#opened(opened, carrier, first, request, now);
        first ??= opened.reason;
      }
      // The reason of the format whose shape the cookie has says most.
      if (first !== undefined && (reason === undefined || reason === 'malformed')) reason = first;
    }
    if (reason !== undefined) this.#report(reason, request);
    const hadCookie = reason !== undefined || carriers.some((carrier) => carrier.namesIn(header).length > 0);
    return new SessionState({ hadCookie, opened: undefined }, format, now);
  }

  #opened(
    session: CarriedSession,
    carrier: SessionCarrier,
    rejectedBefore: SessionRejectReason | undefined,
    request: RawRequest,
    now: number,
  ): SessionState {
    const { carriers, format, onAccept } = this.#settings;
    const isOwn = carrier === carriers[0];
    if (rejectedBefore !== undefined) this.#report(rejectedBefore, request);
    if (!isOwn && onAccept !== undefined)
      this.#call('onAccept', 'an accepted', () => onAccept(carrier.format, request));
    const opened = isOwn ? session : { ...session, stale: true };
    return new SessionState({ hadCookie: true, opened }, format, now);
  }

  /** Whether a session that is authentic is also one of now, and of the shape that the application expects. */
  #judge(candidate: CarriedSession | Rejected, now: number): CarriedSession | Rejected {
    if (!candidate.ok) return candidate;
    const { lifetime, schema } = this.#settings;
    const reason = lifetime.reject(candidate.claims, now);
    if (reason !== undefined) return rejected(reason);
    if (schema === undefined) return candidate;
    const data = validateData(schema, candidate.data);
    return data === undefined ? rejected('schema') : { ...candidate, data };
  }

  #report(reason: SessionRejectReason, request: RawRequest): void {
    const { onReject } = this.#settings;
    if (onReject === undefined) this.#logger.debug(`Ignored a session cookie: ${reason}.`, this.#context);
    else this.#call('onReject', 'an ignored', () => onReject(reason, request));
  }

  /** A hook that fails is the application's mistake and not the client's: the request goes on. */
  #call(name: string, kind: string, hook: () => void): void {
    try {
      hook();
    } catch {
      const message = `Cannot report ${kind} session cookie: ${name} threw. Let it catch its own errors.`;
      this.#logger.error(message, undefined, this.#context);
    }
  }
}
