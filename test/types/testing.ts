import type { INestApplication } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { expectTypeOf } from 'expect-type';
import type { SessionService } from 'nestjs-sessions';
import { fakeSession, readSession, sessionCookie } from 'nestjs-sessions/testing';
import type { Response } from 'supertest';
import type { Visitor } from './visitor.js';

export function cookies(app: INestApplication, module: TestingModule): void {
  expectTypeOf(sessionCookie(app, { user: 'tom' })).toEqualTypeOf<string>();
  sessionCookie(module, { user: 'tom' }, { name: 'admin', maxAge: 60 });
  sessionCookie<Visitor>(app, { visits: 1 });
  // @ts-expect-error -- no such key
  sessionCookie<Visitor>(app, { visit: 1 });
  // @ts-expect-error -- a session is an object of values
  sessionCookie(app, 'tom');
  // @ts-expect-error -- seconds are a number
  sessionCookie(app, {}, { maxAge: '60' });
  // @ts-expect-error -- no such option
  sessionCookie(app, {}, { maxage: 60 });
}

export function reading(app: INestApplication, response: Response, fetched: globalThis.Response): void {
  expectTypeOf(readSession(app, response)).toEqualTypeOf<Record<string, unknown> | undefined>();
  expectTypeOf(readSession<Visitor>(app, fetched)).toEqualTypeOf<Visitor | undefined>();
  readSession(app, fetched, 'admin');
  readSession(app, ['session=; Path=/'] as const);
  readSession(app, { headers: { 'set-cookie': ['session=; Path=/'] } });
  // @ts-expect-error -- a response, or lines
  readSession(app, 'session=; Path=/');
}

export function faking(): void {
  expectTypeOf(fakeSession()).toEqualTypeOf<SessionService>();
  expectTypeOf(fakeSession<Visitor>({ user: { id: 1, name: 'Tom' }, visits: 1 })).toEqualTypeOf<
    SessionService<Visitor>
  >();
  expectTypeOf(fakeSession({ visits: 1 }).get('visits')).toEqualTypeOf<number | undefined>();
  // @ts-expect-error -- a key is missing
  fakeSession<Visitor>({ visits: 1 });
}
