import { expect, it } from '@jest/globals';
import { SessionError } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { sentClaims } from '../../support/tokens.js';

const attempt = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof SessionError ? `${error.code} ${error.message}` : String(error);
  }
};

const controller = routes({
  set: (session) => attempt(() => session.set('__proto__', { admin: true })),
  update: (session) => attempt(() => session.update(JSON.parse('{"a":1,"__proto__":{"admin":true}}'))),
  inherited: (session) => {
    const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
    session.data.fine = true;
    return names.map((name) => [session.get(name), session.has(name), session.delete(name), session.pop(name, 0)]);
  },
  claims: (session) => session.update({ exp: 1, iat: 'x', jti: null, data: {}, ttl: -1 }),
  readClaims: (session) => session.data,
  strange: (session) => session.update({ '': 1, 'ä;,"\\ 😀': '\u0000\ud800', constructor: 'own' }),
  readStrange: (session) => [session.get(''), session.get('ä;,"\\ 😀') === '\u0000\ud800', session.get('constructor')],
});

describeOnEachPlatform('A key of a session', (platform) => {
  const start = async () => (await startApp(platform, { controllers: [controller] })).client();

  it.each(['set', 'update'])('cannot be __proto__ by %s(), and nothing is set', async (path) => {
    const reply = await (await start()).get(`/${path}`);
    expect(reply.text).toBe(
      'ERR_SESSION_KEY_FORBIDDEN Cannot set a value in the session: ' +
        'the key "__proto__" would replace the prototype. Use another key.',
    );
    expect(reply.setCookie).toEqual([]);
  });

  it('is an own one: nothing is inherited', async () => {
    const reply = await (await start()).get('/inherited');
    expect(JSON.parse(reply.text)).toEqual(Array.from({ length: 4 }, () => [null, false, false, 0]));
    expect(sentClaims(reply).data).toEqual({ fine: true });
  });

  it('may be called like a claim of the token', async () => {
    const client = await start();
    await client.get('/claims');
    const reply = await client.get('/readClaims');
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { exp: 1, iat: 'x', jti: null, data: {}, ttl: -1 }]);
  });

  it('may be any text', async () => {
    const client = await start();
    await client.get('/strange');
    expect(JSON.parse((await client.get('/readStrange')).text)).toEqual([1, true, 'own']);
  });
});
