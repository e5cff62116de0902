import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import { httpExchangeOf } from '../http/find-exchange.js';
import { DEFAULT_NAME } from '../options/session.options.js';
import { SessionError } from '../session.errors.js';
import type { SessionManager } from '../session/session.manager.js';
import type { SessionData } from '../data/session-data.js';
import type { SessionService } from '../session/session.service.js';

/** Which session, and what of it: `@Session('user')` is short for `@Session({ key: 'user' })`. */
export interface SessionSelection {
  /** The name of the session, as in `SessionModule.forRoot({ name })`. @default the one without a name */
  readonly name?: string | undefined;
  /** The key of one value. @default the whole session */
  readonly key?: string | undefined;
}

/** Written out, as the declarations of Nest 12 name types that Nest 11 does not have. */
type SessionDecorator = (
  ...selectionOrPipes: (SessionSelection | string | Type<PipeTransform> | PipeTransform | undefined)[]
) => ParameterDecorator;

/**
 * Hands the session, or one value of it, to a handler.
 *
 * @throws SessionError `ERR_SESSION_NOT_BOUND` where no SessionInterceptor ran
 * @example
 * @Get()
 * hello(@Session() session: Session<Visitor>, @Session('user') user?: string) {}
 */
export const Session: SessionDecorator = createParamDecorator(
  (selection: SessionSelection | string | undefined, context: ExecutionContext): unknown => {
    const { name = DEFAULT_NAME, key } = typeof selection === 'string' ? { key: selection } : (selection ?? {});
    const exchange = httpExchangeOf(context);
    const manager = exchange.managers?.find((each) => each.name === name) as SessionManager | undefined;
    if (manager === undefined) throw notBound(name);
    const session = manager.open(exchange);
    return key === undefined ? session : session.get(key);
  },
);

/** The type to go with `@Session()`: the session of this request, holding a `T`. */
export interface Session<T extends object = SessionData> extends SessionService<T> {}

function notBound(name: string): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_BOUND',
    `Cannot hand out @Session(), name "${name}": no SessionInterceptor of that name ran for this request. ` +
      'Import SessionModule.forRoot() in AppModule; whatever overrides SessionInterceptor is to extend it.',
  );
}
