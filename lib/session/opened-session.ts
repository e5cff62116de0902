import type { SessionRecord } from '../data/session-data.js';
import { SessionError } from '../session.errors.js';
import { expiryOf } from './cookie-action.js';
import { type SessionSummary, summaryOf } from './inspect-session.js';
import type { SessionBehind } from './missing-session.js';
import { giveLifetime, type SessionLifetime } from './own-lifetime.js';
import type { RequestSession } from './request-session.js';
import { headersSent, readOnly } from './save-errors.js';
import { secondsNow } from './seconds-now.js';
import type { SessionState } from './session-state.js';
import { SessionService } from './session.service.js';

/** A session that a manager has opened: what its members read and change, and the object that handlers get. */
export class OpenedSession implements SessionBehind {
  readonly session: RequestSession;
  readonly service: SessionService;
  readonly manager: object;

  constructor(session: RequestSession, manager: object) {
    this.session = session;
    this.service = new SessionService(this);
    this.manager = manager;
  }

  get state(): SessionState {
    return this.session.state;
  }

  get summary(): SessionSummary {
    const { name, lifetime } = this.session.tools.settings;
    return summaryOf(name, this.session.loaded, lifetime, secondsNow());
  }

  get values(): SessionRecord {
    const { session } = this;
    const { data } = session.state;
    if (!session.exchange.hasResponse || session.unavailable !== undefined) return data.readonlyCopy;
    if (session.areHeadersSent) session.reports.watchLateChanges();
    return data.share();
  }

  writable(what: string): SessionState {
    const { session } = this;
    if (!session.exchange.hasResponse) throw readOnly(what);
    if (session.areHeadersSent) throw headersSent(what);
    const { state, unavailable } = session;
    if (unavailable !== undefined) throw new SessionError(unavailable.code, unavailable.message);
    return state;
  }

  get maxAge(): number {
    return this.session.tools.settings.lifetime.maxAge(this.state);
  }

  setMaxAge(seconds: number | undefined): void {
    const state = this.writable('set the maxAge of');
    giveLifetime(state, { maxAge: seconds, absoluteMaxAge: state.abs }, this.session.tools, secondsNow());
  }

  setLifetime(lifetime: SessionLifetime): void {
    giveLifetime(this.writable('set the lifetime of'), lifetime, this.session.tools, secondsNow());
  }

  get expiry(): number {
    return expiryOf(this.state, this.session.tools.settings.lifetime, secondsNow());
  }

  save(): Promise<void> | undefined {
    return this.session.save();
  }
}
