import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { findHttpExchange } from './http/exchange.js';
import { offerManager } from './session.decorator.js';
import { SessionManager } from './session.manager.js';

/**
 * Registered for the whole application: seals the session once the handler has answered, so that a session that cannot
 * be saved becomes an ordinary HTTP error. A singleton, so that no controller becomes request-scoped by it.
 */
@Injectable()
export class SessionInterceptor implements NestInterceptor {
  constructor(@Inject(SessionManager) protected readonly sessions: SessionManager) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const exchange = findHttpExchange(context);
    if (exchange === undefined) return next.handle();
    offerManager(exchange.request, this.sessions);
    // The handshake of a socket has been answered: its session is for reading.
    if (exchange.response === undefined) return next.handle();
    return next.handle().pipe(tap(() => this.sessions.seal(context)));
  }
}
