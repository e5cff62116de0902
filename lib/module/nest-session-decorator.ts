import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { SessionError } from '../session.errors.js';

type Handler = ReturnType<ExecutionContext['getHandler']>;

/** Whether a handler has `@Session()` of `@nestjs/common`. */
const answers = new WeakMap<Handler, boolean>();

/**
 * `@Session()` of `@nestjs/common` hands out `request.session`, which this package sets by `expressSession()` only: without
 * it the parameter would be `undefined`. Looks at the request and changes nothing on it, so that other software that sets
 * `request.session` is left alone.
 *
 * @throws SessionError `ERR_SESSION_MISUSED` where a handler has that decorator and nothing has set `request.session`
 */
export function assertSessionDecorator(context: ExecutionContext): void {
  const handler = context.getHandler();
  let isNests = answers.get(handler);
  if (isNests === undefined) answers.set(handler, (isNests = hasNestsDecorator(context.getClass(), handler)));
  if (!isNests || context.getType() !== 'http' || 'session' in context.switchToHttp().getRequest<object>()) return;
  throw new SessionError(
    'ERR_SESSION_MISUSED',
    `Cannot hand out @Session() of @nestjs/common to ${context.getClass().name}.${handler.name}(): nothing has set ` +
      "request.session. Import Session from 'nestjs-sessions' instead; for request.session itself, see expressSession().",
  );
}

/** Keys are `<type>:<index of the parameter>`. */
function hasNestsDecorator(controller: object, { name }: Handler): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.SESSION}:`));
}
