import { defineSession, type SessionManager, type SessionService } from 'nestjs-sessions';

/** What the sessions of this application hold. */
export interface Visitor {
  visits: number;
  user?: string;
  $flash?: { notice: string };
}

// The one declaration, as docs/types.md has it.
export const visitors = defineSession<Visitor>();
export const { Session, SessionGuard, InjectSession, InjectSessionManager } = visitors;
export type Session = SessionService<Visitor>;
export type Sessions = SessionManager<Visitor>;

/** The user of the session; behind the guard there is one. */
export const CurrentUser = (): ParameterDecorator => Session('user');
