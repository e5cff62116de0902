import { expect, it } from '@jest/globals';
import { SessionManager, SessionService } from 'nestjs-sessions';
import { testKitOf } from 'nestjs-sessions/testing';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { Greeter, VisitorController, Visits } from './support/visitor.controller.js';
import { visitors } from './support/visitor-session.js';

const { sessionCookie, readSession, fakeSession } = testKitOf(visitors);

describeOnEachPlatform('A session that is declared once', (platform) => {
  const start = () => startApp(platform, { controllers: [VisitorController], providers: [Visits, Greeter] });

  it('has its type in handlers, guards, services and flash values', async () => {
    const client = (await start()).client();
    expect((await client.get('/visit')).text).toBe('1');
    expect((await client.get('/me')).status).toBe(401);
    await client.post('/login?name=ada');
    expect((await client.get('/me')).text).toBe('Welcome ada. ada 1');
    expect((await client.get('/me')).text).toBe('undefined ada 1');
  });

  it('has its type in the test kit, which makes and reads its cookies', async () => {
    const { app, url } = await start();
    const cookie = sessionCookie(app, { visits: 7, user: 'tom' }, { maxAge: 60 });
    const reply = await fetch(`${url}/visit`, { headers: { cookie } });
    expect([await reply.text(), readSession(app, reply)]).toEqual(['8', { visits: 8, user: 'tom' }]);
    expect(app.get(Greeter).greet({ headers: { cookie }, url: '/' })).toBe('Hello tom');
  });

  it('is the session of the package: the same objects and tokens', async () => {
    const { app } = await start();
    const session = fakeSession({ visits: 1 });
    expect(session).toBeInstanceOf(SessionService);
    expect(new Visits(session).count()).toBe(2);
    expect(new Greeter(app.get(SessionManager)).greet({ headers: {}, url: '/' })).toBe('Hello anonymous');
  });
});
