import { beforeEach, expect, it } from '@jest/globals';
import { setClock, START, stopClock } from '../../support/clock.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { DELETION, ID, sentClaims, signIn } from '../../support/tokens.js';

const DATA = { user: 'tom', cart: ['apple'] };

const controller = routes({
  regenerate: (session) => session.regenerate(),
  regenerateAndSet: (session) => {
    session.regenerate();
    session.set('user', 'mike');
  },
  regenerateKeep: (session) => session.regenerate({ keep: ['cart', 'absent'] }),
  regenerateAndRollback: (session) => {
    session.regenerate();
    session.rollback();
    return `${session.id} ${session.get('user')} ${session.isModified}`;
  },
  changeAndRollback: (session) => {
    session.set('user', 'mike');
    session.data.cart.push('pear');
    session.set('more', true);
    session.maxAge = 60;
    session.touch();
    session.rollback();
    return JSON.stringify([session.data, session.isModified, session.maxAge]);
  },
  destroyAndRollback: (session) => {
    session.destroy();
    session.rollback();
  },
  rollbackAndChange: (session) => {
    session.rollback();
    session.set('user', 'mike');
  },
  touch: (session) => session.touch(),
  id: (session) => session.id,
});

describeOnEachPlatform('A session', (platform) => {
  beforeEach(stopClock);

  const start = () => startApp(platform, { controllers: [controller] });
  const signedIn = async () => {
    const client = (await start()).client();
    await signIn(client, DATA, { claims: { iat: START - 1000, exp: START + 5000 } });
    return client;
  };

  it('gets a new id, a new creation time and only the new data when it is regenerated', async () => {
    setClock(60);
    const claims = sentClaims(await (await signedIn()).get('/regenerateAndSet'));
    expect(claims).toEqual({
      jti: expect.stringMatching(/^[\w-]{22}$/),
      iat: START + 60,
      exp: START + 60 + 1209600,
      data: { user: 'mike' },
    });
    expect(claims.jti).not.toBe(ID);
  });

  it('keeps the named values when it is regenerated', async () => {
    const claims = sentClaims(await (await signedIn()).get('/regenerateKeep'));
    expect(claims.data).toEqual({ cart: ['apple'] });
    expect(claims.jti).not.toBe(ID);
  });

  it('sends a deletion when it is regenerated and left empty', async () => {
    expect((await (await signedIn()).get('/regenerate')).setCookie).toEqual([DELETION]);
  });

  it('sends nothing when it is regenerated and left empty and none had come', async () => {
    expect((await (await start()).client().get('/regenerate')).setCookie).toEqual([]);
  });

  it('keeps its id over requests', async () => {
    const client = (await start()).client();
    const { jti } = sentClaims(await client.get('/regenerateAndSet'));
    expect((await client.get('/id')).text).toBe(jti);
  });

  it.each([
    ['of changes', 'changeAndRollback', JSON.stringify([DATA, false, 1209600])],
    ['of regenerate()', 'regenerateAndRollback', `${ID} tom false`],
    ['of destroy()', 'destroyAndRollback', ''],
  ])('sends nothing after a rollback %s', async (_case, path, text) => {
    const reply = await (await signedIn()).get(`/${path}`);
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, text, []]);
  });

  it('sends nothing after a rollback when none had come', async () => {
    expect((await (await start()).client().get('/destroyAndRollback')).setCookie).toEqual([]);
  });

  it('sends a change after a rollback', async () => {
    const reply = await (await signedIn()).get('/rollbackAndChange');
    expect(sentClaims(reply)).toMatchObject({ jti: ID, data: { user: 'mike', cart: ['apple'] } });
  });

  it('is sent again with a fresh expiry when it is touched', async () => {
    setClock(100);
    const claims = sentClaims(await (await signedIn()).get('/touch'));
    expect(claims).toEqual({ jti: ID, iat: START - 1000, exp: START + 100 + 1209600, data: DATA });
  });

  it('sends nothing when it is touched but empty and new', async () => {
    expect((await (await start()).client().get('/touch')).setCookie).toEqual([]);
  });
});
