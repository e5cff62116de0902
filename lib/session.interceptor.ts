import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
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
    // Messages of gateways and microservices have no response that could carry a cookie.
    if (context.getType() !== 'http') return next.handle();
    offerManager(context, this.sessions);
    return next.handle().pipe(tap(() => this.sessions.seal(context)));
  }
}
