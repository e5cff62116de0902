import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Session as NestSession } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { inspect } from 'node:util';
import { sentClaims, signIn } from '../../support/tokens.js';
import { called, pages, startExpress } from './support/express-session.js';

const LOOKS: Readonly<Record<string, (session: object) => unknown>> = {
  'Object.keys': Object.keys,
  'for…in': (session) => {
    const keys: string[] = [];
    // oxlint-disable-next-line guard-for-in -- what is inherited must not appear
    for (const key in session) keys.push(key);
    return keys;
  },
  'JSON.stringify': (session) => Object.keys(JSON.parse(JSON.stringify(session)) as object),
  'a spread': (session) => Object.keys({ ...session }),
  'Object.assign': (session) => Object.keys(Object.assign({}, session)),
};

const views = pages({
  looks: (session) => Object.fromEntries(Object.entries(LOOKS).map(([name, look]) => [name, look(session)])),
  inspect: (session) => [inspect(session), inspect(session.cookie)],
});

describe('request.session', () => {
  it.each(Object.keys(LOOKS))('shows nothing but the keys of its data to %s', async (name) => {
    const client = (await startExpress({ controllers: [views] })).client();
    await signIn(client, { user: 'ada', cart: [] });
    const reply = await client.get('/looks');
    expect(JSON.parse(reply.text)[name]).toEqual(['user', 'cart']);
    expect(reply.setCookie).toEqual([]);
  });

  it('shows neither secret nor internals when it is inspected', async () => {
    const client = (await startExpress({ controllers: [views] })).client();
    await signIn(client, { user: 'ada' });
    expect(JSON.parse((await client.get('/inspect')).text)).toEqual([
      "ExpressSession { user: 'ada' }",
      'ExpressCookie {}',
    ]);
  });
});

describe('Values under the names of members', () => {
  const VALUES = { id: 1, sessionID: 'x', cookie: { a: 1 }, save: 's', regenerate: null, touch: [2] };
  const names = pages({
    assign: (session) => Object.assign(session, VALUES),
    back: (session) => {
      Object.assign(session, { save: 'changed' });
      return called((done) => session.reload(done)).then(() => ({ ...session }));
    },
    read: (session) => session,
  });

  it('are kept, and hide the members', async () => {
    const visitor = (await startExpress({ controllers: [names] })).client();
    expect(sentClaims(await visitor.get('/assign')).data).toEqual(VALUES);
    expect(JSON.parse((await visitor.get('/read')).text)).toEqual(VALUES);
    expect(JSON.parse((await visitor.get('/back')).text)).toEqual(VALUES);
  });

  it('can be set by session.set() as well', async () => {
    @Controller()
    class SetController {
      @Get()
      set(@NestSession() _: object, @Session() session: Session): void {
        session.set('id', 1);
        session.update({ cookie: 2, sessionID: 3 });
      }
    }
    const visitor = (await startExpress({ controllers: [SetController] })).client();
    expect(sentClaims(await visitor.get('/')).data).toEqual({ id: 1, cookie: 2, sessionID: 3 });
  });
});
