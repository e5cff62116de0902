import { expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import request from 'supertest';
import { Session, SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import { readSession, sessionCookie } from 'nestjs-sessions/testing';
import { describeOnEachPlatform, OTHER_SECRET, startApp, type TestApp } from '../../support/app.js';
import { setClock, stopClock } from '../../support/clock.js';

@Controller()
class VisitorController {
  @Get('me')
  me(@Session() session: Session, @Session({ name: 'admin' }) admin: Session): unknown {
    return { ...session.data, admin: admin.get('user') ?? null };
  }

  @Post('visit')
  visit(@Session() session: Session): void {
    session.set('visits', (session.get('visits') ?? 0) + 1);
  }

  @Post('both')
  both(@Session() session: Session, @Session({ name: 'admin' }) admin: Session): void {
    session.set('user', 'tom');
    admin.set('user', 'root');
  }

  @Post('log-out')
  logOut(@Session() session: Session): void {
    session.destroy();
  }
}

const admin = SessionModule.forRoot(OTHER_SECRET, { name: 'admin', cookieName: 'admin', encrypt: true });

async function userOf(kit: TestApp, cookie: string): Promise<string | undefined> {
  const { text } = await kit.client().get('/me', { headers: { cookie } });
  return (JSON.parse(text) as { user?: string }).user;
}

describeOnEachPlatform('The test kit', (platform) => {
  const start = (session: Partial<SessionModuleOptions> = {}) =>
    startApp(platform, { session, imports: [admin], controllers: [VisitorController] });

  it('works with supertest', async () => {
    const { app } = await start();
    const server = app.getHttpServer();
    await request(server)
      .get('/me')
      .set('Cookie', sessionCookie(app, { user: 'tom' }))
      .expect(200, { user: 'tom', admin: null });
    const response = await request(server)
      .post('/visit')
      .set('Cookie', sessionCookie(app, { user: 'tom' }));
    expect(readSession(app, response)).toEqual({ user: 'tom', visits: 1 });
  });

  it('works with an agent of supertest, which keeps cookies itself', async () => {
    const { app } = await start();
    const agent = request.agent(app.getHttpServer());
    agent.jar.setCookie(sessionCookie(app, { visits: 7 }), '127.0.0.1', '/');
    await agent.post('/visit').expect(201);
    const response = await agent.post('/visit');
    expect(readSession(app, response)).toEqual({ visits: 9 });
    await agent.get('/me').expect(200, { visits: 9, admin: null });
  });

  it('works with fetch', async () => {
    const { app, url } = await start();
    const headers = { cookie: sessionCookie(app, { visits: 1 }) };
    const response = await fetch(`${url}/visit`, { method: 'POST', headers });
    expect(readSession(app, response)).toEqual({ visits: 2 });
  });

  it('works with plain lines', async () => {
    const kit = await start();
    const { app } = kit;
    const headers = { cookie: `theme=dark; ${sessionCookie(app, { visits: 1 })}` };
    const { setCookie } = await kit.client().post('/visit', { headers });
    expect(readSession(app, ['theme=dark; Path=/', ...setCookie])).toEqual({ visits: 2 });
    expect(readSession(app, { headers: { 'set-cookie': setCookie[0] } })).toEqual({ visits: 2 });
  });

  it('reads nothing where no session was sent, or it was ended', async () => {
    const { app, url } = await start();
    const headers = { cookie: sessionCookie(app, { visits: 1 }) };
    expect(readSession(app, await fetch(`${url}/me`, { headers }))).toBeUndefined();
    expect(readSession(app, await fetch(`${url}/log-out`, { method: 'POST', headers }))).toBeUndefined();
    expect(readSession(app, [])).toBeUndefined();
    expect(readSession(app, ['session=junk; Path=/'])).toBeUndefined();
    expect(readSession(app, { headers: {} })).toBeUndefined();
  });

  it.each([
    ['encrypted', { encrypt: true }, 40],
    ['large', { cookieCount: 2 }, 5000],
    ['encrypted and large', { encrypt: true, cookieCount: 2 }, 5000],
  ])('makes and reads sessions that are %s', async (_, options, length) => {
    const { app, url } = await start(options);
    const text = 'x'.repeat(length);
    const cookie = sessionCookie(app, { text });
    expect(cookie.split('; ').map((pair) => pair.split('=', 1)[0])).toEqual(
      length > 4096 ? ['session', 'session.1'] : ['session'],
    );
    const response = await fetch(`${url}/visit`, { method: 'POST', headers: { cookie } });
    expect(readSession(app, response)).toEqual({ text, visits: 1 });
  });

  it('makes and reads named sessions', async () => {
    const { app, url } = await start();
    const cookies = [sessionCookie(app, { user: 'tom' }), sessionCookie(app, { user: 'root' }, { name: 'admin' })];
    const me = await fetch(`${url}/me`, { headers: { cookie: cookies.join('; ') } });
    await expect(me.json()).resolves.toEqual({ user: 'tom', admin: 'root' });
    const both = await fetch(`${url}/both`, { method: 'POST' });
    expect([readSession(app, both), readSession(app, both, 'admin')]).toEqual([{ user: 'tom' }, { user: 'root' }]);
  });

  it('makes sessions that expire', async () => {
    const kit = await start({ maxAge: 3600 });
    const { app } = kit;
    stopClock();
    const [usual, short] = [sessionCookie(app, { user: 'tom' }), sessionCookie(app, { user: 'tom' }, { maxAge: 60 })];
    const users = () => Promise.all([usual, short].map((cookie) => userOf(kit, cookie)));
    setClock(59);
    await expect(users()).resolves.toEqual(['tom', 'tom']);
    setClock(60);
    await expect(users()).resolves.toEqual(['tom', undefined]);
    setClock(3600);
    await expect(users()).resolves.toEqual([undefined, undefined]);
  });

  it('reads no session that has expired by now', async () => {
    const kit = await start({ maxAge: 60 });
    const { app } = kit;
    stopClock();
    const { setCookie } = await kit.client().post('/visit');
    setClock(59);
    expect(readSession(app, setCookie)).toEqual({ visits: 1 });
    setClock(60);
    expect(readSession(app, setCookie)).toBeUndefined();
  });
});
