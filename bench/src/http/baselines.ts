import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  type NestInterceptor,
  Scope,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { PLATFORMS } from './platform.js';
import type { Page, Variant } from './variant.js';

// Nest itself, without sessions: what the others are compared with.

/** A page without a session. */
@Controller()
export class PlainController {
  @Get()
  page(): Page {
    return { hello: 'Ada' };
  }
}

/** The least that an interceptor takes. */
@Injectable()
export class EmptyInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle();
  }
}

/** The least that an interceptor takes which is to do something once the handler has answered. */
@Injectable()
class AfterwardsInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => value));
  }
}

@Injectable({ scope: Scope.REQUEST })
class EmptyProvider {}

@Controller()
class ScopedController {
  constructor(readonly provider: EmptyProvider) {}

  @Get()
  page(): Page {
    return { hello: 'Ada' };
  }
}

@Module({ controllers: [PlainController] })
class BareModule {}

@Module({
  controllers: [PlainController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: EmptyInterceptor }],
})
class InterceptorModule {}

@Module({
  controllers: [PlainController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: AfterwardsInterceptor }],
})
class AfterwardsModule {}

@Module({
  controllers: [ScopedController],
  providers: [EmptyProvider, { provide: APP_INTERCEPTOR, useClass: EmptyInterceptor }],
})
class ScopedModule {}

function baseline(name: string, module: Type): Variant {
  return { name, platforms: PLATFORMS, module: () => module };
}

/** Nest with nothing, and with the least of what a session of any kind needs. */
export const baselines: readonly Variant[] = [
  baseline('bare', BareModule),
  baseline('empty interceptor', InterceptorModule),
  baseline('interceptor that acts afterwards', AfterwardsModule),
  baseline('empty request-scoped provider', ScopedModule),
];
