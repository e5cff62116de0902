import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import { httpExchangeOf } from '../http/find-exchange.js';
import { quote } from '../data/quote.js';
import type { NamedManager } from '../http/http-exchange.js';
import { DEFAULT_NAME } from '../options/session.options.js';
import { SessionError } from '../session.errors.js';
import { SessionManager } from '../session/session.manager.js';
import type { DefaultSessionData, SessionKey, SessionRecord } from '../data/session-data.js';
import type { SessionService } from '../session/session.service.js';

/** Which session, and which of its values: `@Session('user')` is short for `@Session({ key: 'user' })`. */
export interface SessionSelection {
  /** The session's name, as in `SessionModule.forRoot({ name })`. @default none */
  readonly name?: string | undefined;
  /** Key of one value. @default none: the whole session */
  readonly key?: string | undefined;
}

/** What Nest takes for a pipe: a class or an instance. */
export type Pipe = Type<PipeTransform> | PipeTransform;

/**
 * Passes the session, or the value of one key, through pipes to a parameter. Written out, because an inferred type would name
 * types of Nest 12 that Nest 11 lacks.
 *
 * @typeParam Selection what stands for a key and a name beside the key alone
 */
export type SessionDecorator<T extends object = DefaultSessionData, Selection = never> = (
  ...keyOrPipes: (SessionKey<T> | Selection | Pipe)[]
) => ParameterDecorator;

/**
 * Passes the session, or one of its values, to a handler.
 *
 * @throws SessionError `ERR_SESSION_NOT_BOUND` if no `SessionInterceptor` ran, `ERR_SESSION_NO_REQUEST` without a
 * request
 * @example
 * @Get()
 * hello(@Session() session: Session<Visitor>, @Session('user') user?: string) {}
 */
export const Session: SessionDecorator<DefaultSessionData, SessionSelection | undefined> = createParamDecorator(
  (selection: SessionSelection | string | undefined, context: ExecutionContext): unknown => {
    const { name = DEFAULT_NAME, key } = typeof selection === 'string' ? { key: selection } : (selection ?? {});
    const exchange = httpExchangeOf(context);
    const manager = exchange.managers?.find((each) => each.name === name)?.manager as SessionManager | undefined;
    if (manager === undefined) throw notBound(name, exchange.managers ?? []);
    const session = manager.open<SessionRecord>(manager instanceof SessionManager ? exchange : context);
    return key === undefined ? session : session.get(key);
  },
);

/** The type of a `@Session()` parameter: the session of this request, holding a `T`. */
export interface Session<T extends object = DefaultSessionData> extends SessionService<T> {}

function notBound(name: string, others: readonly NamedManager[]): SessionError {
  const names = others.map((other) => quote(other.name)).join(', ');
  const known = names === '' ? '' : `The sessions here have the names ${names}; the name of a cookie is cookieName. `;
  return new SessionError(
    'ERR_SESSION_NOT_BOUND',
    `Cannot hand out @Session(), name ${quote(name)}: no SessionInterceptor of that name ran for this request. ${known}` +
      'Import SessionModule.forRoot() in AppModule; a class that overrides SessionInterceptor must extend it.',
  );
}
