import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionModuleOptions } from 'nestjs-sessions';
import type { Client } from '../../support/client.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { now, sentClaims, sentCookie, sentMaxAge, signIn } from '../../support/tokens.js';
import { pages, startExpress } from './support/express-session.js';

const HOUR = 3_600_000;
const FORTNIGHT = 1_209_600_000;

const handlers = pages({
  read: ({ cookie }) => [cookie.originalMaxAge, cookie.maxAge, cookie.expires],
  hour({ cookie }) {
    cookie.maxAge = HOUR;
    return [cookie.originalMaxAge, cookie.maxAge, cookie.expires];
  },
  half({ cookie }) {
    cookie.maxAge = 1500.5;
  },
  expires({ cookie }) {
    cookie.expires = new Date(Date.now() + HOUR);
  },
  none({ cookie }) {
    cookie.maxAge = null;
  },
  never({ cookie }) {
    cookie.expires = false;
  },
  zero({ cookie }) {
    cookie.maxAge = 0;
  },
  write(session) {
    session.visits = Number(session.visits ?? 0) + 1;
  },
  regenerate(session, request) {
    session.regenerate();
    request.session.user = 'ada';
  },
});

async function visitor(session: Partial<SessionModuleOptions> = {}): Promise<Client> {
  const client = (await startExpress({ session, controllers: [handlers] })).client();
  await signIn(client, { user: 'ada' }, { claims: { exp: START + 1_209_599 } });
  return client;
}

describe('request.session.cookie', () => {
  beforeEach(stopClock);

  it('has the lifetime in milliseconds', async () => {
    const reply = await (await visitor()).get('/read');
    expect(JSON.parse(reply.text)).toEqual([FORTNIGHT, FORTNIGHT, '2060-01-14T23:59:59.000Z']);
    expect(reply.setCookie).toEqual([]);
  });

  it('gives this one session another lifetime, which later writes keep', async () => {
    const client = await visitor();
    const reply = await client.get('/hour');
    expect(JSON.parse(reply.text)).toEqual([HOUR, HOUR, '2060-01-01T01:00:00.000Z']);
    expect([sentMaxAge(reply), sentClaims(reply).exp]).toEqual([3600, now() + 3600]);
    setClock(360);
    expect(sentMaxAge(await client.get('/write'))).toBe(3600);
  });

  it('is forgotten by regenerate()', async () => {
    const client = await visitor();
    await client.get('/hour');
    expect(sentMaxAge(await client.get('/regenerate'))).toBe(1209600);
  });

  it('rounds up to whole seconds', async () => {
    expect(sentMaxAge(await (await visitor()).get('/half'))).toBe(2);
  });

  it('takes a Date as expires', async () => {
    expect(sentMaxAge(await (await visitor()).get('/expires'))).toBe(3600);
  });

  it.each(['none', 'never'])('takes the lifetime of the module again without one (%s)', async (path) => {
    const client = await visitor({ expireOnBrowserClose: true });
    await client.get('/hour');
    const reply = await client.get(`/${path}`);
    expect([sentMaxAge(reply), sentClaims(reply).exp]).toEqual([undefined, now() + 1209600]);
    expect(sentCookie(reply).attributes).toEqual(['Path=/', 'HttpOnly', 'SameSite=Lax']);
  });

  it('refuses a lifetime of nothing: destroy() is for that', async () => {
    const reply = await (await visitor()).get('/zero');
    expect([reply.status, reply.setCookie]).toEqual([500, []]);
  });
});
