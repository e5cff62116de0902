import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { httpExchangeOf, type RawRequest } from './http/exchange.js';
import { SessionError } from './session.errors.js';
import type { SessionManager } from './session.manager.js';
import type { SessionData } from './session.data.js';
import type { SessionService } from './session.service.js';

/** A parameter decorator has no access to providers, so the interceptor leaves the manager with the request. */
const managers = new WeakMap<RawRequest, SessionManager>();

/** Makes `@Session()` of this request find its manager. */
export function offerManager(context: ExecutionContext, manager: SessionManager): void {
  managers.set(httpExchangeOf(context).request, manager);
}

/**
 * Hands the session, or one value of it, to a handler.
 *
 * @throws SessionError `ERR_SESSION_NOT_BOUND` where no SessionInterceptor ran
 * @example
 * @Get()
 * hello(@Session() session: Session<Visitor>, @Session('user') user?: string) {}
 */
export const Session = createParamDecorator((key: string | undefined, context: ExecutionContext): unknown => {
  const manager = managers.get(httpExchangeOf(context).request);
  if (manager === undefined) throw notBound();
  const session = manager.open(context);
  return key === undefined ? session : session.get(key);
});

/** The type to go with `@Session()`: the session of this request, holding a `T`. */
export interface Session<T extends object = SessionData> extends SessionService<T> {}

function notBound(): SessionError {
  return new SessionError(
    'ERR_SESSION_NOT_BOUND',
    'Cannot hand out @Session(): no SessionInterceptor ran for this request. ' +
      'Import SessionModule.forRoot() in AppModule; whatever overrides SessionInterceptor is to extend it.',
  );
}
