import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as devalue from 'devalue';
import type { SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { savedClaims } from '../../support/saved.js';
import { claimsOf, sentClaims, signIn } from '../../support/tokens.js';
import { fillCart, logIn, startPassport, USERS } from './support/passport.js';

const VARIANTS: readonly [string, Partial<SessionModuleOptions>][] = [
  ['signed', {}],
  ['encrypted', { encrypt: true }],
  ['encrypted, devalue', { encrypt: true, serializer: devalue }],
];

describeOnEachPlatform('@nestjs/passport with the local strategy', (platform) => {
  describe.each(VARIANTS)('%s', (_, session) => {
    let client: Client;

    beforeEach(async () => {
      client = (await startPassport(platform, {}, session)).client();
    });

    it('knows the user on later requests, and keeps nothing but the key of the user', async () => {
      expect((await logIn(client)).status).toBe(200);
      expect((await client.get('/')).text).toBe('{"user":{"name":"ada"}}');
      expect((await client.get('/secret')).text).toBe('{"passport":{"user":"ada"}}');
    });

    it('knows no user after log-out, and the browser has no cookie any more', async () => {
      await logIn(client);
      await client.post('/logout');
      expect([(await client.get('/')).text, await client.cookieNames()]).toEqual(['{}', []]);
      expect((await client.get('/secret')).status).toBe(403);
    });
  });
});

describeOnEachPlatform('@nestjs/passport: log-in', (platform) => {
  let client: Client;

  beforeEach(async () => {
    client = (await startPassport(platform)).client();
  });

  it('sends no cookie to visitors who are not logged in', async () => {
    const replies = [await client.get('/'), await client.get('/secret'), await client.post('/logout')];
    expect(replies.map(({ status, setCookie }) => [status, setCookie])).toEqual([
      [200, []],
      [403, []],
      [201, []],
    ]);
  });

  it('sends no cookie on the requests after it', async () => {
    await logIn(client);
    expect([(await client.get('/')).setCookie, (await client.get('/secret')).setCookie]).toEqual([[], []]);
  });

  it('takes a new id and drops the data', async () => {
    const before = sentClaims(await fillCart(client, 'a', 'b'));
    const reply = await logIn(client);
    const after = sentClaims(reply);
    expect(before.data).toEqual({ cart: ['a', 'b'] });
    expect(after.data).toEqual({ passport: { user: 'ada' } });
    expect(after.jti).not.toBe(before.jti);
    expect(JSON.parse(reply.text)).toEqual({ user: { name: 'ada' }, id: after.jti });
  });

  it('keeps the data with keepSessionInfo, under a new id', async () => {
    const keeping = (await startPassport(platform, { keepSessionInfo: true })).client();
    const before = sentClaims(await fillCart(keeping, 'a'));
    const after = sentClaims(await logIn(keeping));
    expect(after.data).toEqual({ cart: ['a'], passport: { user: 'ada' } });
    expect(after.jti).not.toBe(before.jti);
  });

  it('drops the CSRF secret all the same: an attacker who planted the session knows it', async () => {
    const keeping = (await startPassport(platform, { keepSessionInfo: true })).client();
    await signIn(keeping, { cart: ['a'], $csrf: 'AAAAAAAAAAAAAAAAAAAAAA' });
    expect(sentClaims(await logIn(keeping)).data).toEqual({ cart: ['a'], passport: { user: 'ada' } });
  });

  it('takes a new id when another user logs in', async () => {
    const ada = sentClaims(await logIn(client));
    await fillCart(client, 'a');
    const bob = sentClaims(await logIn(client, 'bob'));
    expect([ada.data, bob.data]).toEqual([{ passport: { user: 'ada' } }, { passport: { user: 'bob' } }]);
    expect(bob.jti).not.toBe(ada.jti);
  });

  it('makes the session before it of no use: an attacker who planted it is not logged in', async () => {
    const [attacker, victim] = [client, new Client(client.url)];
    await fillCart(attacker, 'bait');
    const planted = (await attacker.cookie()) ?? '';
    await victim.setCookie('session', planted);
    const { jti, data } = sentClaims(await logIn(victim));
    expect((await victim.get('/')).text).toBe('{"user":{"name":"ada"}}');
    expect((await attacker.get('/')).text).toBe('{}');
    expect([jti === claimsOf(planted).jti, data]).toEqual([false, { passport: { user: 'ada' } }]);
  });
});

describeOnEachPlatform('@nestjs/passport: a wrong password', (platform) => {
  it('keeps the session with its id, and lets the strategy, a singleton, write into it', async () => {
    const client = (await startPassport(platform)).client();
    const { jti } = sentClaims(await fillCart(client, 'a'));
    for (const failures of [1, 2]) {
      const reply = await logIn(client, 'ada', 'wrong');
      expect(reply.status).toBe(401);
      expect(await savedClaims(client, reply)).toMatchObject({ jti, data: { cart: ['a'], failures } });
    }
    expect((await client.get('/')).text).toBe('{}');
  });

  it('leaves a user who is logged in logged in', async () => {
    const client = (await startPassport(platform)).client();
    await logIn(client);
    await logIn(client, 'bob', 'wrong');
    expect((await client.get('/')).text).toBe('{"user":{"name":"ada"}}');
  });

  it('is counted for each visitor', async () => {
    const app = await startPassport(platform);
    const [one, other] = [app.client(), app.client()];
    const replies = await Promise.all([logIn(one, 'ada', 'x'), logIn(other, 'ada', 'y')]);
    expect(replies.map((reply) => sentClaims(reply).data)).toEqual([{ failures: 1 }, { failures: 1 }]);
  });
});

describeOnEachPlatform('@nestjs/passport: a user who is gone', (platform) => {
  afterEach(() => {
    USERS.set('ada', 'correct horse');
  });

  it('is no user any more, and is taken out of the session', async () => {
    const client = (await startPassport(platform)).client();
    await logIn(client);
    USERS.delete('ada');
    const reply = await client.get('/');
    expect([reply.text, (await savedClaims(client, reply)).data]).toEqual(['{}', { passport: {} }]);
  });
});
