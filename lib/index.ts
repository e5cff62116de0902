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
export type { SessionData, SessionKey } from './data/session-data.js';
export { Session, type SessionSelection } from './module/session.decorator.js';
export { SessionManager } from './session/session.manager.js';
export { SessionInterceptor } from './module/session.interceptor.js';
export { SessionError, type SessionErrorCode } from './session.errors.js';
export type { SessionStoreOptions } from './options/store-options.js';
export type { CookieFormat, SessionModuleOptions, SessionOptionsFactory } from './options/session.options.js';
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
