export { SessionModule } from './session.module.js';
export type { SessionModuleExtras } from './session.module-definition.js';
export { getSessionManagerToken, getSessionToken, InjectSession, InjectSessionManager } from './session.tokens.js';
export type { InferSession, SessionSchema } from './session.schema.js';
export { SessionService } from './session.service.js';
export type { SessionData, SessionKey } from './session.data.js';
export { Session, type SessionSelection } from './session.decorator.js';
export { SessionManager } from './session.manager.js';
export { SessionInterceptor } from './session.interceptor.js';
export { SessionError, type SessionErrorCode } from './session.errors.js';
export type { CookieFormat, SessionModuleOptions, SessionOptionsFactory, SessionSecret } from './session.options.js';
export type {
  OpenedToken,
  Rejected,
  SessionClaims,
  SessionCodec,
  SessionRecord,
  SessionRejectReason,
  Unsealed,
} from './codec/session-codec.js';
export type { SessionSerializer } from './codec/data-format.js';
