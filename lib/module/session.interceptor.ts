import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { concatMap, map, type Observable, type ObservableInput } from 'rxjs';
import { findHttpExchange } from '../http/find-exchange.js';
import type { HttpExchange, NamedManager } from '../http/http-exchange.js';
import { DEFAULT_NAME } from '../options/session.options.js';
import { assertSessionDecorator } from './nest-session-decorator.js';
import { SessionManager } from '../session/session.manager.js';

/**
 * Seals the session after the handler, or saves it in the store, so that a session that cannot be saved becomes an ordinary HTTP error.
 * Registered for the whole application. A singleton: injecting the session would make every controller request-scoped.
 */
@Injectable()
export class SessionInterceptor implements NestInterceptor {
  /** Shared by all requests of an application with one session. */
  readonly #onlyManager: readonly [NamedManager];

  /** @param name of the session: a substitute for the manager in a test need not know it */
  constructor(
    @Inject(SessionManager) protected readonly sessions: SessionManager,
    @Optional() name?: string,
  ) {
    this.#onlyManager = [{ name: name ?? sessions.name ?? DEFAULT_NAME, manager: sessions }];
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const exchange = findHttpExchange(context);
    if (exchange === undefined) return next.handle();
    assertSessionDecorator(context);
    const { managers } = exchange;
    if (managers === undefined) exchange.managers = this.#onlyManager;
    // First, because an outer application may have a session of the same name.
    else if (managers.find((each) => each.name === this.#onlyManager[0].name)?.manager !== this.sessions)
      exchange.managers = [...this.#onlyManager, ...managers];
    // Ours takes what was found; a substitute for the manager gets what callers give it.
    const target = this.sessions instanceof SessionManager ? exchange : context;
    const handled = this.#handle(context, exchange, next);
    if (this.sessions instanceof SessionManager && this.sessions.isStored) {
      return handled.pipe(concatMap((value: unknown) => this.#saved(exchange, value)));
    }
    return handled.pipe(
      map((value: unknown) => {
        this.sessions.seal(target);
        return value;
      }),
    );
  }

  /** A message of a socket may come by another request than its handshake, as with socket.io by polling. */
  #handle(context: ExecutionContext, exchange: HttpExchange, next: CallHandler): Observable<unknown> {
    const isMessage = context.getType() === 'ws' && this.sessions instanceof SessionManager;
    return isMessage ? this.sessions.run(exchange, () => next.handle()) : next.handle();
  }

  #saved(exchange: HttpExchange, value: unknown): ObservableInput<unknown> {
    const saving = this.sessions.beginSave(exchange);
    if (saving === undefined) return [value];
    return saving.then(
      () => value,
      (error: unknown) => {
        // The handler answers by hand meanwhile: its response waits for the same save, and reports the failure.
        if (!exchange.areHeadersSent) throw error;
        return value;
      },
    );
  }
}
