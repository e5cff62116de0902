import { type CanActivate, type ExecutionContext, Injectable, type Type, UseGuards } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import { Public, Session, SessionGuard, type SessionPredicate } from 'nestjs-sessions';
import type { Visitor } from './visitor.js';

/** As Nest users extend `AuthGuard('jwt')`. */
@Injectable()
export class OwnGuard extends SessionGuard('user') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    return context.getType() === 'http' && super.canActivate(context);
  }
}

export const CurrentUser = (): ParameterDecorator => Session('user');

@Public()
export class OpenController {
  @Public(false)
  @UseGuards(SessionGuard('user', { name: 'admin' }), OwnGuard)
  closed(@CurrentUser() user: Visitor['user']): string {
    return user.name;
  }
}

export function guards(isOld: SessionPredicate<Visitor>): void {
  expectTypeOf(SessionGuard('user')).toExtend<Type<CanActivate>>();
  SessionGuard<Visitor>((session) => session.get('visits') !== 0);
  SessionGuard(isOld);
  // @ts-expect-error -- no such key
  SessionGuard<Visitor>('usr');
  // @ts-expect-error -- a key or a predicate
  SessionGuard();
  // @ts-expect-error -- no such option
  SessionGuard('user', { names: 'admin' });
}
