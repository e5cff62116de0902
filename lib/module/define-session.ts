import type { SessionKey } from '../data/session-data.js';
import { DEFAULT_NAME } from '../options/session.options.js';
import { type Pipe, Session, type SessionDecorator } from './session.decorator.js';
import { SessionGuard, type SessionPredicate } from './session.guard.js';
import { InjectSession, InjectSessionManager } from './session.tokens.js';

/** What concerns one session of an application, by its type and its name. */
export interface SessionDefinition<T extends object> {
  /** The name of `SessionModule.forRoot({ name })`. */
  readonly name: string;
  /** `@Session()` of this session; an unknown key does not compile. */
  readonly Session: SessionDecorator<T>;
  /** `SessionGuard()` of this session. */
  readonly SessionGuard: (required: SessionKey<T> | SessionPredicate<T>) => ReturnType<typeof SessionGuard>;
  /** Injects the session, a `SessionService<T>`; request-scoped. */
  readonly InjectSession: () => ReturnType<typeof InjectSession>;
  /** Injects the manager, a `SessionManager<T>`. */
  readonly InjectSessionManager: () => ReturnType<typeof InjectSessionManager>;
}

/**
 * Declares once what a session holds. It registers nothing: `SessionModule.forRoot()` does.
 *
 * @param name as in `SessionModule.forRoot({ name })`; by default the session without a name
 * @example
 * export const { Session, SessionGuard, InjectSession, InjectSessionManager } = defineSession<Visitor>();
 * export type Session = SessionService<Visitor>;
 */
export function defineSession<T extends object>(name: string = DEFAULT_NAME): SessionDefinition<T> {
  return {
    name,
    Session(...keyOrPipes: (string | Pipe)[]) {
      const key = keyOrPipes.find((each) => typeof each === 'string');
      const pipes = keyOrPipes.filter((each) => typeof each !== 'string');
      return Session({ name, key }, ...pipes);
    },
    SessionGuard: (required) => SessionGuard<T>(required, { name }),
    InjectSession: () => InjectSession(name),
    InjectSessionManager: () => InjectSessionManager(name),
  };
}
