import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
  type Type,
  UnauthorizedException,
} from '@nestjs/common';
import type { DefaultSessionData, SessionKey } from '../data/session-data.js';
import { DEFAULT_NAME } from '../options/session.options.js';
import type { SessionManager } from '../session/session.manager.js';
import type { SessionService } from '../session/session.service.js';
import { isExempt } from './handler-mark.js';
import { getSessionManagerToken } from './session.tokens.js';

/** What a session must be like: `true` lets the request pass. It may throw an exception of its own. */
export type SessionPredicate<T extends object = DefaultSessionData> = (
  session: SessionService<T>,
  context: ExecutionContext,
) => boolean | Promise<boolean>;

/** Options of {@link SessionGuard}. */
export interface SessionGuardOptions {
  /** The session's name, as in `SessionModule.forRoot({ name })`. @default none */
  readonly name?: string | undefined;
}

/** A guard made by `SessionGuard()`. */
export interface SessionGuard extends CanActivate {
  canActivate(context: ExecutionContext): Promise<boolean>;
}

const PUBLIC = 'nestjs-sessions:public';

/**
 * Exempts a handler, or all of a controller, from every `SessionGuard`; but a handler of such a controller with
 * `@Public(false)`, or with that guard in its own `@UseGuards()`, is not exempt.
 *
 * @example
 * @Public()
 * @Post('login')
 * logIn() {}
 */
export const Public = (isPublic = true): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, isPublic);

/** Guards by their session and key, so that `overrideGuard(SessionGuard('user'))` finds the class that a controller uses. */
const guards = new Map<string, Type<SessionGuard>>();

/**
 * Makes a guard that lets a request pass if its session has a value, or is as a predicate says.
 *
 * @param required a key, whose value must not be `undefined`, `null` or `false`; or a predicate, which may be asynchronous
 * @returns a class for `@UseGuards()` and `APP_GUARD`; for one key always the same
 * @throws UnauthorizedException in handlers and resolvers; in gateways Nest makes its `WsException` of the refusal
 * @example
 * @UseGuards(SessionGuard('user'))
 * @example
 * { provide: APP_GUARD, useClass: SessionGuard('user') }
 */
export function SessionGuard<T extends object = DefaultSessionData>(
  required: SessionKey<NoInfer<T>> | SessionPredicate<T>,
  { name = DEFAULT_NAME }: SessionGuardOptions = {},
): Type<SessionGuard> {
  if (typeof required === 'function') return makeGuard(name, required);
  const id = JSON.stringify([name, required]);
  const known = guards.get(id) ?? makeGuard<T>(name, (session) => isGiven(session.get(required)));
  guards.set(id, known);
  return known;
}

/** An id of 0 and an empty text are values. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** A symbol, so that no property of a subclass has its name. */
const SESSIONS = Symbol('SessionManager');

function makeGuard<T extends object>(name: string, allows: SessionPredicate<T>): Type<SessionGuard> {
  class MixinSessionGuard implements SessionGuard {
    declare readonly [SESSIONS]: SessionManager<T>;

    async canActivate(context: ExecutionContext): Promise<boolean> {
      if (isExempt(PUBLIC, context, this)) return true;
      if (await allows(this[SESSIONS].open<T>(context), context)) return true;
      // Nest makes a WsException of false, and would answer an HTTP exception by "Internal server error".
      if (context.getType() === 'ws') return false;
      throw new UnauthorizedException();
    }
  }
  // Into a property, so that a subclass with a constructor of its own calls super() without arguments, as AuthGuard() has it.
  Inject(getSessionManagerToken(name))(MixinSessionGuard.prototype, SESSIONS);
  // Not mixin(), which gives each class a random name: Nest's own errors have it.
  Injectable()(MixinSessionGuard);
  return MixinSessionGuard;
}
