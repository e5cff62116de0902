import { beforeEach, expect, it } from '@jest/globals';
import { describeOnEachPlatform } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { DELETION, sentClaims } from '../../support/tokens.js';
import { fillCart, logIn, startPassport } from './support/passport.js';

describeOnEachPlatform('@nestjs/passport: log-out', (platform) => {
  let client: Client;

  beforeEach(async () => {
    client = (await startPassport(platform)).client();
  });

  it('deletes the cookie with all that was in it', async () => {
    await logIn(client);
    await fillCart(client, 'a');
    expect((await client.post('/logout')).setCookie).toEqual([DELETION]);
  });

  it('keeps the other values with keepSessionInfo, under a new id', async () => {
    const before = sentClaims(await logIn(client));
    await fillCart(client, 'a');
    const after = sentClaims(await client.post('/logout-keeping'));
    expect(after.data).toEqual({ cart: ['a'], passport: {} });
    expect(after.jti).not.toBe(before.jti);
    expect((await client.get('/')).text).toBe('{}');
  });

  it('lets the visitor log in again, in another session', async () => {
    const first = sentClaims(await logIn(client));
    await client.post('/logout');
    const second = sentClaims(await logIn(client));
    expect(second.jti).not.toBe(first.jti);
    expect((await client.get('/')).text).toBe('{"user":{"name":"ada"}}');
  });

  it('ends no copy of the cookie: without a store there is nothing that could', async () => {
    await logIn(client);
    const copy = `session=${await client.cookie()}`;
    await client.post('/logout');
    expect((await client.get('/', { headers: { cookie: copy } })).text).toBe('{"user":{"name":"ada"}}');
  });

  it('happens as well when null is assigned to request.session', async () => {
    await logIn(client);
    expect((await client.post('/end')).setCookie).toEqual([DELETION]);
  });

  it('reports to its caller that the headers have left', async () => {
    const late = (await startPassport(platform)).client();
    await logIn(late);
    expect((await late.post('/logout-late')).text).toBe('ERR_SESSION_HEADERS_SENT');
    expect((await late.get('/')).text).toBe('{"user":{"name":"ada"}}');
  });
});
