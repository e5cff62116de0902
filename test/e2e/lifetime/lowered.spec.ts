import { beforeEach, expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { routes } from '../../support/routes.js';
import { forge, sentClaims } from '../../support/tokens.js';

const controller = routes({
  read: (session) => `${session.get('user')} ${session.expiresAt.getTime() / 1000 - START}`,
  write: (session) => session.set('user', 'ann'),
});
const cookie = (claims: { iat: number; exp: number; ttl?: number }) => ({
  headers: { cookie: `session=${forge({ user: 'tom' }, { claims })}` },
});

describeOnEachPlatform('A cookie from before maxAge was lowered', (platform) => {
  beforeEach(stopClock);
  const start = async (session: object = {}, reasons: string[] = []) => {
    const onReject = (reason: string) => reasons.push(reason);
    return (
      await startApp(platform, { session: { maxAge: 100, onReject, ...session }, controllers: [controller] })
    ).client();
  };

  it('ends today’s maxAge after its session was created', async () => {
    const reasons: string[] = [];
    const client = await start({}, reasons);
    const before = cookie({ iat: START, exp: START + 1000 });
    expect((await client.get('/read', before)).text).toBe('tom 100');
    setClock(99);
    expect((await client.get('/read', before)).text).toBe('tom 100');
    expect(sentClaims(await client.get('/write', before))).toMatchObject({ iat: START, exp: START + 199 });
    setClock(100);
    expect((await client.get('/read', before)).text).toBe('undefined 200');
    expect(reasons).toEqual(['expired']);
  });

  it('keeps the lifetime that its session was given', async () => {
    const client = await start();
    setClock(500);
    expect((await client.get('/read', cookie({ iat: START, exp: START + 1000, ttl: 1000 }))).text).toBe('tom 1000');
  });

  it('is as good as any if it has no more time than one that is issued now', async () => {
    const client = await start();
    setClock(900);
    expect((await client.get('/read', cookie({ iat: START, exp: START + 1000 }))).text).toBe('tom 1000');
  });
});
