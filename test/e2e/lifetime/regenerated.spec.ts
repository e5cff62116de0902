import { beforeEach, expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { routes } from '../../support/routes.js';
import { forge, ID, sentClaims } from '../../support/tokens.js';

const controller = routes({
  keep: (session) => session.regenerate({ keep: ['cart'] }),
  restart: (session) => session.regenerate({ keep: ['cart'], restart: true }),
  login(session) {
    session.regenerate();
    session.set('user', 'tom');
  },
  lose(session) {
    session.regenerate({ keep: ['basket'] });
    session.set('user', 'tom');
  },
});

describeOnEachPlatform('absoluteMaxAge of a session that is regenerated', (platform) => {
  beforeEach(stopClock);

  it.each<[string, string, number]>([
    ['goes on where values are kept', 'keep', 0],
    ['begins anew where that is asked for', 'restart', 400],
    ['begins anew at a log-in that keeps nothing', 'login', 400],
    ['begins anew where there was nothing to keep', 'lose', 400],
  ])('%s', async (_, path, created) => {
    const session = { maxAge: 1000, absoluteMaxAge: 500 };
    const client = (await startApp(platform, { session, controllers: [controller] })).client();
    setClock(400);
    const cookie = `session=${forge({ cart: ['tea'] }, { claims: { iat: START, exp: START + 500 } })}`;
    const claims = sentClaims(await client.get(`/${path}`, { headers: { cookie } }));
    expect(claims).toMatchObject({ iat: START + created, exp: START + created + 500 });
    expect(claims.jti).not.toBe(ID);
  });
});
