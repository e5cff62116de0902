import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { findHttpExchange } from '../http/find-exchange.js';
import { SessionManager } from '../session/session.manager.js';

/**
 * Registered for the whole application: seals the session once the handler has answered, so that a session that cannot
 * be saved becomes an ordinary HTTP error. A singleton, so that no controller becomes request-scoped by it.
 */
@Injectable()
export class SessionInterceptor implements NestInterceptor {
  /** Where it is the only one, all requests share the list. */
  readonly #alone: readonly SessionManager[];

  constructor(@Inject(SessionManager) protected readonly sessions: SessionManager) {
    this.#alone = [sessions];
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const exchange = findHttpExchange(context);
    if (exchange === undefined) return next.handle();
    const { managers } = exchange;
    if (managers === undefined) exchange.managers = this.#alone;
    else if (!managers.includes(this.sessions)) exchange.managers = [...managers, this.sessions];
    return next.handle().pipe(
      map((value: unknown) => {
        this.sessions.seal(exchange);
        return value;
      }),
    );
  }
}
