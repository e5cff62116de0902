import type { DynamicModule } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import {
  getSessionManagerToken,
  getSessionToken,
  InjectSession,
  InjectSessionManager,
  Session,
  SessionManager,
  SessionModule,
  SessionService,
} from 'nestjs-sessions';
import type { Visitor } from './visitor.js';

export class AdminController {
  constructor(
    @InjectSession('admin') private readonly admin: SessionService<Visitor>,
    @InjectSessionManager('admin') private readonly admins: SessionManager,
    @InjectSession() private readonly own: SessionService,
  ) {}

  read(
    @Session({ name: 'admin' }) admin: Session<Visitor>,
    @Session({ name: 'admin', key: 'user' }) user: unknown,
  ): number {
    expectTypeOf(this.admins.name).toEqualTypeOf<string>();
    expectTypeOf(this.own.get('anything')).toBeAny();
    return user === undefined ? 0 : admin.data.visits + this.admin.data.visits;
  }
}

export function named(secret: string): void {
  expectTypeOf(SessionModule.forRoot(secret, { name: 'admin', cookieName: 'admin' })).toEqualTypeOf<DynamicModule>();
  SessionModule.forRoot({ secretKey: secret, name: 'admin', isGlobal: false });
  SessionModule.forRootAsync({ name: 'admin', useFactory: () => ({ secretKey: secret, cookieName: 'admin' }) });
  // @ts-expect-error -- a name is text
  SessionModule.forRoot(secret, { name: 1 });
  // @ts-expect-error -- no such selection
  Session({ names: 'admin' });
  // @ts-expect-error -- a name is text
  InjectSession(1);
}

export function tokens(): void {
  expectTypeOf(getSessionToken('admin')).toEqualTypeOf<typeof SessionService | string>();
  expectTypeOf(getSessionManagerToken()).toEqualTypeOf<typeof SessionManager | string>();
}

export function flash(session: Session<Visitor>): void {
  expectTypeOf(session.flash('notice', { text: 'Saved.' })).toEqualTypeOf<void>();
  expectTypeOf(session.flash('notice')).toEqualTypeOf<unknown>();
  // @ts-expect-error -- keys are text, as in JSON
  session.flash(1);
  // @ts-expect-error -- one value
  session.flash('notice', 1, 2);
}
