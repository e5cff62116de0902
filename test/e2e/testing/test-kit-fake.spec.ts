import { describe, expect, it } from '@jest/globals';
import { type CallHandler, Controller, type ExecutionContext, Get, Injectable, Post } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { Session, SessionInterceptor, SessionService } from 'nestjs-sessions';
import { fakeSession } from 'nestjs-sessions/testing';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { sentClaims } from '../../support/tokens.js';

interface Visitor {
  visits: number;
  user?: { name: string };
}

@Controller()
class VisitController {
  @Post('visit')
  visit(@Session() session: Session<Visitor>): string {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return `Visit ${session.data.visits}`;
  }

  @Get('me')
  me(@Session('user') user: Visitor['user']): string {
    return user?.name ?? 'nobody';
  }
}

/** A service that injects the session. */
class Visits {
  constructor(private readonly session: SessionService<Visitor>) {}

  forget(): void {
    this.session.destroy();
  }
}

describe('A fake session', () => {
  it('fits a handler, without an application', () => {
    const session = fakeSession<Visitor>({ visits: 1 });
    expect(new VisitController().visit(session)).toBe('Visit 2');
    expect(session.data).toEqual({ visits: 2 });
    expect(session.isModified).toBe(true);
  });

  it('is as if it had just been loaded', () => {
    const session = fakeSession<Visitor>({ visits: 1 });
    expect(session).toBeInstanceOf(SessionService);
    expect([session.isNew, session.isModified, session.size, session.maxAge]).toEqual([false, false, 1, 1_209_600]);
    expect(session.id).toMatch(/^[\w-]{22}$/);
    expect(session.id).not.toBe(fakeSession<Visitor>({ visits: 1 }).id);
  });

  it('is new without data', () => {
    const session = fakeSession();
    expect([session.isNew, session.isModified, session.size]).toEqual([true, false, 0]);
    session.set('anything', 1);
    expect(session.isModified).toBe(true);
  });

  it('fits a service', () => {
    const session = fakeSession<Visitor>({ visits: 1 });
    new Visits(session).forget();
    expect([session.size, session.isModified]).toEqual([0, true]);
  });

  it('can be regenerated, rolled back and left flash values in', () => {
    const session = fakeSession<Visitor>({ visits: 1 });
    const { id } = session;
    session.regenerate();
    expect([session.id === id, session.size]).toEqual([false, 0]);
    session.rollback();
    expect([session.id === id, session.data]).toEqual([true, { visits: 1 }]);
    session.flash('notice', 'Saved.');
    expect([session.flash('notice'), session.flash('notice')]).toEqual(['Saved.', undefined]);
  });

  it('has data of its own', () => {
    const data = { visits: 1, user: { name: 'tom' } };
    const session = fakeSession<Visitor>(data);
    session.data.user = { name: 'ann' };
    session.data.visits = 2;
    expect(data).toEqual({ visits: 1, user: { name: 'tom' } });
  });
});

/** As docs/testing.md has it. */
@Injectable()
class LoggedIn extends SessionInterceptor {
  override intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.sessions.open<Visitor>(context).set('user', { name: 'Tom' });
    return super.intercept(context, next);
  }
}

describeOnEachPlatform('SessionInterceptor', (platform) => {
  it('can be overridden by a class that extends it and fills the session', async () => {
    const app = await startApp(platform, {
      controllers: [VisitController],
      override: (builder) => builder.overrideProvider(SessionInterceptor).useClass(LoggedIn),
    });
    const me = await app.client().get('/me');
    expect([me.text, sentClaims(me).data]).toEqual(['Tom', { user: { name: 'Tom' } }]);
    const visit = await app.client().post('/visit');
    expect(sentClaims(visit).data).toEqual({ user: { name: 'Tom' }, visits: 1 });
  });
});
