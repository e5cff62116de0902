export { SessionModule } from './module/session.module.js';
export type { SessionModuleExtras } from './module/session.module-definition.js';
export {
  getSessionManagerToken,
  getSessionToken,
  InjectSession,
  InjectSessionManager,
} from './module/session.tokens.js';
export type { InferSession, SessionSchema } from './options/session-schema.js';
export { SessionService } from './session/session.service.js';
export type {
  DefaultSessionData,
  FlashValues,
  OpenedSessionData,
  SessionData,
  SessionKey,
} from './data/session-data.js';
export { CsrfException, type CsrfErrorCode } from './module/csrf.exception.js';
export { CsrfGuard, SkipCsrf } from './module/csrf.guard.js';
export { defineSession, type SessionDefinition } from './module/define-session.js';
export { Session, type SessionDecorator, type SessionSelection } from './module/session.decorator.js';
export { Public, SessionGuard, type SessionGuardOptions, type SessionPredicate } from './module/session.guard.js';
export type { SessionLifetime } from './session/own-lifetime.js';
export { SessionManager } from './session/session.manager.js';
export { SessionInterceptor } from './module/session.interceptor.js';
export { SessionError, type SessionErrorCode } from './session.errors.js';
export type {
  SessionCreated,
  SessionDestroyed,
  SessionEvent,
  SessionEventHooks,
  SessionRenewalReason,
  SessionRenewed,
  SessionSaveFailed,
} from './options/session.events.js';
export type {
  CookieFormat,
  SecretKey,
  SessionModuleOptions,
  SessionOptionsFactory,
} from './options/session.options.js';
export type { SessionStoreOptions } from './options/store-options.js';
export type {
  OpenedToken,
  Rejected,
  SessionClaims,
  SessionCodec,
  SessionRejectReason,
  Unsealed,
} from './codec/session-codec.js';
export type { SessionRecord } from './data/session-data.js';
export type { SessionSerializer } from './data/data-format.js';
export type { SessionSecret } from './rules/secret-bytes.js';
