import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { httpExchangeOf } from '../http/find-exchange.js';
import { isCsrfToken } from '../session/csrf-token.js';
import { SessionManager } from '../session/session.manager.js';
import { CsrfException } from './csrf.exception.js';
import { isExempt } from './handler-mark.js';

const SKIP = 'nestjs-sessions:skip-csrf';
/** The name of the field of a form that carries the token, as csurf and its users have it. */
const FIELD = '_csrf';
/** Axios and Angular have a name of their own. */
const HEADERS = ['x-csrf-token', 'x-xsrf-token', 'csrf-token', 'xsrf-token'];
/** Types of context that have an HTTP request: one that cannot be found is an error, and not let pass. */
const WITH_REQUEST: ReadonlySet<string> = new Set(['http', 'graphql']);
/** Methods that change nothing (RFC 9110 §9.2.1). The handshake of a subscription is a GET. */
const SAFE_METHODS: ReadonlySet<unknown> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Exempts a handler, or all of a controller, from `CsrfGuard`; but a handler of such a controller with `@SkipCsrf(false)`, or
 * with `@UseGuards(CsrfGuard)`, is not exempt.
 *
 * @example
 * @SkipCsrf()
 * @Post('webhook')
 * called() {}
 */
export const SkipCsrf = (skip = true): MethodDecorator & ClassDecorator => SetMetadata(SKIP, skip);

/**
 * Lets a request that may change something pass only with a token of its session, which `session.csrfToken()` has given: in
 * the header `X-CSRF-Token` or in the field `_csrf` of the body.
 *
 * @throws CsrfException a 403, with a code
 * @throws SessionError `ERR_SESSION_NO_REQUEST` for a GraphQL context without the request
 * @example
 * { provide: APP_GUARD, useClass: CsrfGuard }
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  constructor(@Inject(SessionManager) protected readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    // A message of a microservice or over a socket carries no cookie that a browser would add.
    if (!WITH_REQUEST.has(context.getType()) || isExempt(SKIP, context, this)) return true;
    const { method, headers } = httpExchangeOf(context).request;
    if (SAFE_METHODS.has(method)) return true;
    if (!this.isTrusted(headers['sec-fetch-site'], context)) throw new CsrfException('ERR_CSRF_CROSS_SITE');
    const token = this.tokenOf(context) ?? HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
    if (token === undefined) throw new CsrfException('ERR_CSRF_TOKEN_MISSING');
    if (!isCsrfToken(this.sessions.open(context), token)) throw new CsrfException('ERR_CSRF_TOKEN_INVALID');
    return true;
  }

  /**
   * Whether the token decides; otherwise the request is refused without looking at it. A token that another site has planted
   * together with its session is of no use then. Override it where pages of another site are to send requests.
   *
   * @param site the header Sec-Fetch-Site, which browsers send over HTTPS and to localhost, and scripts cannot set
   */
  protected isTrusted(site: unknown, _context: ExecutionContext): boolean {
    return site !== 'cross-site';
  }

  /**
   * A token elsewhere than in a header; `undefined` where there is none. By default the field `_csrf` of a parsed body, but
   * not of the query: URLs stand in logs and in Referer.
   */
  protected tokenOf(context: ExecutionContext): unknown {
    if (context.getType() !== 'http') return undefined;
    const { body } = context.switchToHttp().getRequest<{ body?: unknown }>();
    return typeof body === 'object' && body !== null && Object.hasOwn(body, FIELD)
      ? (body as Record<string, unknown>)[FIELD]
      : undefined;
  }
}
