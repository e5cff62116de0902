import type { INestApplication } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import {
  type DefaultSessionData,
  type FlashValues,
  type OpenedSessionData,
  type Session,
  type SessionKey,
  SessionManager,
  type SessionService,
} from 'nestjs-sessions';
import type { Visitor } from './visitor.js';

type Key = 'user' | 'visits' | 'theme';

export function reading(session: SessionService<Visitor>): void {
  expectTypeOf(session.get('user')).toEqualTypeOf<{ id: number; name: string } | undefined>();
  expectTypeOf(session.get('visits')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.get('theme')).toEqualTypeOf<'dark' | 'light' | undefined>();
  // @ts-expect-error -- no such key
  session.get('usr');
  // @ts-expect-error -- no such key
  session.has('usr');
  expectTypeOf(session.has('theme')).toEqualTypeOf<boolean>();
  expectTypeOf(session.keys()).toEqualTypeOf<Key[]>();
  expectTypeOf(session.entries()).items.toEqualTypeOf<[Key, Visitor[Key]]>();
  expectTypeOf(session.size).toEqualTypeOf<number>();
  expectTypeOf(session.data).toEqualTypeOf<Visitor>();
  expectTypeOf(session.id).toEqualTypeOf<string>();
  expectTypeOf(session.isNew).toEqualTypeOf<boolean>();
  expectTypeOf(session.isModified).toEqualTypeOf<boolean>();
  expectTypeOf(session.createdAt).toEqualTypeOf<Date>();
  expectTypeOf(session.expiresAt).toEqualTypeOf<Date>();
}

export function writing(session: SessionService<Visitor>): void {
  expectTypeOf(session.set('visits', 1)).toEqualTypeOf<void>();
  session.set('theme', 'dark');
  // @ts-expect-error -- the value is of another type
  session.set('visits', '1');
  // @ts-expect-error -- the value is none of the possible ones
  session.set('theme', 'blue');
  // @ts-expect-error -- no such key
  session.set('visit', 1);
  // @ts-expect-error -- an optional key is deleted, not set to undefined
  session.set('visits', undefined);
  session.data.visits += 1;
  // @ts-expect-error -- the value is of another type
  session.data.visits = '1';

  expectTypeOf(session.delete('user')).toEqualTypeOf<boolean>();
  // @ts-expect-error -- no such key
  session.delete('usr');

  expectTypeOf(session.pop('visits')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.pop('visits', 0)).toEqualTypeOf<number>();
  expectTypeOf(session.pop('visits', 'none')).toEqualTypeOf<number | string>();
  expectTypeOf(session.pop('user', null)).toEqualTypeOf<Visitor['user'] | null>();
  // @ts-expect-error -- no such key
  session.pop('usr');

  expectTypeOf(session.update({ visits: 1, theme: 'light' })).toEqualTypeOf<void>();
  session.update({});
  // @ts-expect-error -- the value is of another type
  session.update({ visits: '1' });
  // @ts-expect-error -- no such key
  session.update({ visit: 1 });

  expectTypeOf(session.clear()).toEqualTypeOf<void>();
  expectTypeOf(session.touch()).toEqualTypeOf<void>();
  expectTypeOf(session.rollback()).toEqualTypeOf<void>();
  expectTypeOf(session.destroy()).toEqualTypeOf<void>();
  session.regenerate();
  session.regenerate({});
  session.regenerate({ keep: ['theme', 'visits'] });
  session.regenerate({ keep: ['theme', 'visits'] as const });
  // @ts-expect-error -- no such key
  session.regenerate({ keep: ['usr'] });
  // @ts-expect-error -- no such option
  session.regenerate({ kept: ['user'] });
}

export function whatCannotBeSet(session: SessionService<Visitor>, visitor: Visitor): void {
  // @ts-expect-error -- read-only: the object stays the same for the whole request
  session.data = visitor;
  // @ts-expect-error -- read-only
  session.id = 'x';
  // @ts-expect-error -- read-only: use createdAt to read, regenerate() to renew
  session.createdAt = new Date();
  // @ts-expect-error -- read-only: set maxAge
  session.expiresAt = new Date();
  // @ts-expect-error -- read-only
  session.isNew = true;
  // @ts-expect-error -- read-only
  session.size = 0;
}

export function lifetime(session: SessionService): void {
  expectTypeOf(session.maxAge).toEqualTypeOf<number>();
  session.maxAge = 60;
  session.setLifetime({ maxAge: 60, absoluteMaxAge: undefined });
  session.maxAge = undefined;
  // @ts-expect-error -- seconds, not text
  session.maxAge = '60';
  // @ts-expect-error -- undefined, not null, takes the module's maxAge again
  session.maxAge = null;
}

export function permissiveByDefault(session: SessionService, same: Session): void {
  expectTypeOf(session.data).toEqualTypeOf<DefaultSessionData>();
  expectTypeOf(session.get('whatever')).toBeAny();
  expectTypeOf(session.pop('whatever')).toBeAny();
  expectTypeOf(session.data['whatever']).toBeAny();
  expectTypeOf(session.keys()).toEqualTypeOf<string[]>();
  session.set('whatever', { nested: [1] });
  session.update({ a: 1, b: new Date() });
  session.regenerate({ keep: ['a'] });
  expectTypeOf(same.get('whatever')).toBeAny();
  // @ts-expect-error -- keys are text, as in JSON
  session.get(1);
  // @ts-expect-error -- keys are text, as in JSON
  session.set(Symbol('key'), 1);
}

export function keys(): void {
  expectTypeOf<SessionKey<Visitor>>().toEqualTypeOf<Key>();
  expectTypeOf<SessionKey<DefaultSessionData>>().toEqualTypeOf<string>();
  expectTypeOf<SessionKey<{ a: 1; 2: 3 }>>().toEqualTypeOf<'a'>();
}

export function opening(manager: SessionManager, target: object): void {
  expectTypeOf(manager.open(target)).toEqualTypeOf<SessionService<OpenedSessionData>>();
  expectTypeOf(manager.open(target).get('anything')).toBeUnknown();
  expectTypeOf(manager.open(target).data).toEqualTypeOf<Record<string, unknown>>();
  manager.open(target).set('anything', 1);
  expectTypeOf(manager.open<Visitor>(target)).toEqualTypeOf<SessionService<Visitor>>();
  expectTypeOf(manager.current<Visitor>()).toEqualTypeOf<SessionService<Visitor>>();
  expectTypeOf(manager.current()).toEqualTypeOf<SessionService<OpenedSessionData>>();
  expectTypeOf(manager.run(target, () => 1)).toEqualTypeOf<number>();
  expectTypeOf(manager.open<Visitor>(target, target).get('visits')).toEqualTypeOf<number | undefined>();
  expectTypeOf(manager.seal(target)).toEqualTypeOf<void>();
  // @ts-expect-error -- a session is an object of values
  manager.open<string>(target);
  // @ts-expect-error -- a request is an object
  manager.open('request');
}

export function typedManager(app: INestApplication, visitors: SessionManager<Visitor>, target: object): void {
  expectTypeOf(visitors.open(target)).toEqualTypeOf<SessionService<Visitor>>();
  expectTypeOf(visitors.open<{ role: string }>(target).get('role')).toEqualTypeOf<string | undefined>();
  // TypeScript infers `object` for the type parameter of a class that is only named.
  expectTypeOf(app.get(SessionManager).open(target).get('anything')).toBeUnknown();
  expectTypeOf(app.get<SessionManager<Visitor>>(SessionManager).open(target)).toEqualTypeOf<SessionService<Visitor>>();
}

interface WithFlash {
  user?: string;
  $flash?: { notice: string; errors: string[] };
}

export function flash(session: Session<WithFlash>, untyped: Session<Visitor>, any: Session): void {
  expectTypeOf<FlashValues<WithFlash>>().toEqualTypeOf<{ notice: string; errors: string[] }>();
  expectTypeOf(session.flash('notice', 'Saved.')).toEqualTypeOf<void>();
  expectTypeOf(session.flash('errors')).toEqualTypeOf<string[] | undefined>();
  // @ts-expect-error -- no such key
  session.flash('note');
  // @ts-expect-error -- the value is of another type
  session.flash('notice', 1);
  expectTypeOf(untyped.flash('anything')).toBeUnknown();
  expectTypeOf(any.flash('anything')).toBeUnknown();
}
