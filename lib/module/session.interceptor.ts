import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { findHttpExchange } from '../http/find-exchange.js';
import { SessionManager } from '../session/session.manager.js';

/**
 * Seals the session after the handler, so that a session that cannot be saved becomes an ordinary HTTP error.
 * Registered for the whole application. A singleton: injecting the session would make every controller request-scoped.
 */
@Injectable()
export class SessionInterceptor implements NestInterceptor {
  /** Shared by all requests of an application with one session. */
  readonly #onlyManager: readonly SessionManager[];

  constructor(@Inject(SessionManager) protected readonly sessions: SessionManager) {
    this.#onlyManager = [sessions];
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const exchange = findHttpExchange(context);
    if (exchange === undefined) return next.handle();
    const { managers } = exchange;
    if (managers === undefined) exchange.managers = this.#onlyManager;
    // First, because an outer application may have a session of the same name.
    else if (managers.find(({ name }) => name === this.sessions.name) !== this.sessions)
      exchange.managers = [this.sessions, ...managers];
    return next.handle().pipe(
      map((value: unknown) => {
        this.sessions.seal(exchange);
        return value;
      }),
    );
  }
}
