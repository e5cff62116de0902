import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  Module,
  type NestInterceptor,
  Scope,
} from '@nestjs/common';
import { APP_INTERCEPTOR, type ContextId, ContextIdFactory, createContextId } from '@nestjs/core';
import { Observable } from 'rxjs';
import { type Session, SessionManager, SessionModule } from '../../../dist/index.js';
import type { Visitor } from '../codec/session.js';
import { EmptyInterceptor } from './baselines.js';
import { login } from './ours.js';
import { PLATFORMS } from './platform.js';
import type { Page, Setting, Variant } from './variant.js';

// Ways of injecting what belongs to a request without making controllers anew for each request.

@Injectable({ scope: Scope.REQUEST, durable: true })
class DurableProvider {}

@Controller()
class DurableController {
  constructor(readonly provider: DurableProvider) {}

  @Get()
  page(): Page {
    return { hello: 'Ada' };
  }
}

/** One tenant for all requests: what is durable is made once, and shared by them. */
const tenant = createContextId();
const strategy = {
  attach: (contextId: ContextId) => (info: { isTreeDurable?: boolean }) => (info.isTreeDurable ? tenant : contextId),
};

@Module({
  controllers: [DurableController],
  providers: [DurableProvider, { provide: APP_INTERCEPTOR, useClass: EmptyInterceptor }],
})
class DurableModule {}

/** A singleton that stands for the session of the request that is served: by AsyncLocalStorage, as nestjs-cls does it. */
@Injectable()
class CurrentSession {
  readonly #requests = new AsyncLocalStorage<Session<Visitor>>();

  get current(): Session<Visitor> {
    const session = this.#requests.getStore();
    if (session === undefined) throw new Error('No request is served.');
    return session;
  }

  run<R>(session: Session<Visitor>, action: () => R): R {
    return this.#requests.run(session, action);
  }
}

@Injectable()
class CurrentSessionInterceptor implements NestInterceptor {
  constructor(
    @Inject(SessionManager) private readonly sessions: SessionManager,
    @Inject(CurrentSession) private readonly session: CurrentSession,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const session = this.sessions.open<Visitor>(context);
    return new Observable((subscriber) => this.session.run(session, () => next.handle().subscribe(subscriber)));
  }
}

@Controller()
class CurrentController {
  constructor(@Inject(CurrentSession) private readonly session: CurrentSession) {}

  @Get()
  page(): Page {
    return { hello: this.session.current.get('name') ?? '' };
  }
}

/** Applications with what is injected without being made anew. */
export const scopes: readonly Variant[] = [
  {
    name: 'empty durable provider',
    platforms: PLATFORMS,
    module: () => DurableModule,
    prepare: () => ContextIdFactory.apply(strategy),
  },
  {
    name: 'nestjs-sessions, by a singleton, read',
    platforms: PLATFORMS,
    module({ visitor, secrets }: Setting) {
      @Module({
        imports: [SessionModule.forRoot([...secrets])],
        controllers: [CurrentController, login(visitor)],
        providers: [CurrentSession, { provide: APP_INTERCEPTOR, useClass: CurrentSessionInterceptor }],
      })
      class CurrentModule {}
      return CurrentModule;
    },
  },
];
