import { Controller, Get, ParseIntPipe, UseGuards } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import { defineSession, type SessionManager, type SessionService } from 'nestjs-sessions';
import { testKitOf } from 'nestjs-sessions/testing';
import type { Response } from 'supertest';
import type { Visitor } from './visitor.js';

export const visitors = defineSession<Visitor>();
export const { Session, SessionGuard, InjectSession, InjectSessionManager } = visitors;
export type Session = SessionService<Visitor>;
export const admins = defineSession<{ role: 'owner' | 'clerk'; $flash?: { notice: string } }>('admin');

/** Decorator and type share a name, as those of the package do. */
@Controller()
@UseGuards(SessionGuard('user'), admins.SessionGuard('role'))
export class DefinedController {
  constructor(
    @InjectSession() private readonly own: Session,
    @InjectSessionManager() private readonly sessions: SessionManager<Visitor>,
  ) {}

  @Get()
  read(@Session() session: Session, @Session('visits', ParseIntPipe) visits: number, @admins.Session() admin: object) {
    expectTypeOf(session.get('user')).toEqualTypeOf<Visitor['user'] | undefined>();
    expectTypeOf(this.sessions.open(this)).toEqualTypeOf<Session>();
    return [this.own.data.visits, visits, admin];
  }
}

export function mistakes(): void {
  // @ts-expect-error -- no such key
  Session('usr');
  // @ts-expect-error -- no such key
  SessionGuard('usr');
  // @ts-expect-error -- the name is that of the definition
  Session({ name: 'admin' });
  // @ts-expect-error -- a session is an object of values
  defineSession<string>();
}

export function predicates(): void {
  SessionGuard((session, context) => {
    expectTypeOf(session).toEqualTypeOf<Session>();
    return session.get('user')?.name === context.getClass().name;
  });
  SessionGuard((session) => Promise.resolve(session.has('user')));
  // @ts-expect-error -- whether, and not what
  SessionGuard((session) => session.get('user'));
}

export function testing(app: INestApplication, response: Response): void {
  const { sessionCookie, readSession, fakeSession } = testKitOf(admins);
  expectTypeOf(sessionCookie(app, { role: 'owner' }, { maxAge: 60 })).toEqualTypeOf<string>();
  expectTypeOf(readSession(app, response)?.role).toEqualTypeOf<'owner' | 'clerk' | undefined>();
  expectTypeOf(fakeSession({ role: 'clerk' }).flash('notice')).toEqualTypeOf<string | undefined>();
  // @ts-expect-error -- no such value
  sessionCookie(app, { role: 'guest' });
  // @ts-expect-error -- no such key
  sessionCookie(app, { rule: 'owner' });
  // @ts-expect-error -- no such value
  fakeSession({ role: 'guest' });
}
