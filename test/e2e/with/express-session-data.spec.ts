import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Session as NestSession } from '@nestjs/common';
import * as devalue from 'devalue';
import { Session, SessionError, SessionManager, type SessionModuleOptions } from 'nestjs-sessions';
import { inspect } from 'node:util';
import { OTHER_SECRET, SECRET } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { COOKIES_OF_A_CHANGE } from '../../support/saved.js';
import { DELETION, sentClaims, signIn } from '../../support/tokens.js';
import { called, type ExpressRequest, pages, startExpress } from './support/express-session.js';

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

/** What is no data of a session, and the error's code. */
const ASSIGNED: readonly (readonly [code: string, value: unknown])[] = [
  ['ERR_SESSION_MISUSED', 'text'],
  ['ERR_SESSION_MISUSED', 1],
  ['ERR_SESSION_MISUSED', false],
  ['ERR_SESSION_MISUSED', [1]],
  ['ERR_SESSION_MISUSED', () => 1],
  ['ERR_SESSION_MISUSED', new Map([['user', 'bob']])],
  ['ERR_SESSION_KEY_FORBIDDEN', JSON.parse('{"user":"bob","__proto__":{}}')],
];

function shapeOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return error instanceof SessionError ? error.code : String(error);
  }
}

@Controller()
class BothController {
  @Get('both')
  both(@NestSession() theirs: object, @Session() ours: Session): unknown {
    return { isSame: theirs === ours.data, theirs, size: ours.size };
  }
}

let manager: SessionManager;

const controllers = [
  BothController,
  pages({
    looks: (session) => Object.fromEntries(Object.entries(LOOKS).map(([name, look]) => [name, look(session)])),
    inspect: (session) => [inspect(session), inspect(session.cookie)],
    read: (session) => session.user ?? 'nobody',
    write: (session) => {
      session.user = 'ada';
      session.cart = { items: ['a'] };
    },
    nested: (session) => {
      (session.cart as { items: string[] }).items.push('b');
    },
    delete: (session) => delete session.user,
    same: (session, request) => session === request.session,
    null: (_, request) => {
      Object.assign(request, { session: null });
      return typeof request.session;
    },
    again: (_, request) => {
      Object.assign(request, { session: null });
      Object.assign(request, { session: { user: 'bob' } });
      return request.session.user;
    },
    replace: (session, request) => {
      Object.assign(request, { session: { other: 1 } });
      return [{ ...request.session }, { ...session }];
    },
    gone: (_, request) => Reflect.deleteProperty(request, 'session'),
    'gone-untouched': (_, request) => Reflect.deleteProperty(request, 'session'),
    'gone-and-sent': (_, request, response) => {
      Reflect.deleteProperty(request, 'session');
      response.end('sent');
    },
    'gone-and-back': (_, request) => {
      Reflect.deleteProperty(request, 'session');
      Object.assign(request, { session: { user: 'bob' } });
    },
    'gone-and-text': (_, request) => {
      Reflect.deleteProperty(request, 'session');
      Object.assign(request, { session: 'text' });
    },
    'gone-and-set': (_, request) => {
      Reflect.deleteProperty(request, 'session');
      manager.seal(request);
      manager.open(request).set('user', 'bob');
    },
    assign: (session, request) => {
      const given = ASSIGNED[Number(request.query['case'])]?.[1];
      const error = shapeOf(() => Object.assign(request, { session: given }));
      return [error, { ...request.session }, request.session === session];
    },
    itself: (session, request) => {
      request.session = session;
    },
  }),
];

const VARIANTS: readonly [string, Partial<SessionModuleOptions>][] = [
  ['signed', {}],
  ['encrypted', { encrypt: true }],
  ['encrypted, devalue', { encrypt: true, serializer: devalue }],
];

describe.each(VARIANTS)('The data of request.session (%s)', (_, session) => {
  let client: Client;

  beforeEach(async () => {
    client = (await startExpress({ session, controllers })).client();
  });

  it('is kept from one request to the next', async () => {
    expect((await client.get('/read')).text).toBe('nobody');
    await client.get('/write');
    expect((await client.get('/read')).text).toBe('ada');
  });

  it('is kept when it changes deep inside', async () => {
    await client.get('/write');
    expect((await client.get('/nested')).setCookie).toHaveLength(COOKIES_OF_A_CHANGE);
    expect(JSON.parse((await client.get('/both')).text)).toEqual({
      isSame: true,
      theirs: { user: 'ada', cart: { items: ['a', 'b'] } },
      size: 2,
    });
  });

  it('loses a value that is deleted', async () => {
    await client.get('/write');
    await client.get('/delete');
    expect((await client.get('/read')).text).toBe('nobody');
  });
});

describe('request.session', () => {
  let client: Client;

  beforeEach(async () => {
    const started = await startExpress({ controllers });
    client = started.client();
    manager = started.app.get(SessionManager);
  });

  it('sends no cookie to a visitor without data, and no Vary where the session is not touched', async () => {
    const [nothing, read] = [await client.get('/nowhere'), await client.get('/read')];
    expect([nothing.setCookie, read.setCookie]).toEqual([[], []]);
    expect([nothing.headers.vary, read.headers.vary]).toEqual([undefined, 'Cookie']);
  });

  it('is one object per request, which Nest hands out by its own @Session() too', async () => {
    await signIn(client, { user: 'ada' });
    expect((await client.get('/same')).text).toBe('true');
    expect(JSON.parse((await client.get('/both')).text)).toEqual({ isSame: true, theirs: { user: 'ada' }, size: 1 });
  });

  it('ends when null is assigned, until something else is', async () => {
    await signIn(client, { user: 'ada' });
    const ended = await client.get('/null');
    expect([ended.text, ended.setCookie]).toEqual(['undefined', [DELETION]]);
    const begun = await client.get('/again');
    expect([begun.text, sentClaims(begun).data]).toEqual(['bob', { user: 'bob' }]);
  });

  it('takes an object as its data, and leaves the old one to code that holds it', async () => {
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/replace');
    expect([JSON.parse(reply.text), sentClaims(reply).data]).toEqual([[{ other: 1 }, { user: 'ada' }], { other: 1 }]);
  });

  it.each(['gone', 'gone-untouched', 'gone-and-sent'])(
    'ends when it is deleted from the request (/%s)',
    async (path) => {
      await signIn(client, { user: 'ada' });
      expect((await client.get(`/${path}`)).setCookie).toEqual([DELETION]);
      expect((await client.get(`/${path}`)).setCookie).toEqual([]);
    },
  );

  it('is what was assigned after it was deleted', async () => {
    await signIn(client, { user: 'ada', cart: [] });
    expect(sentClaims(await client.get('/gone-and-back')).data).toEqual({ user: 'bob' });
    expect(sentClaims(await client.get('/gone-and-set')).data).toEqual({ user: 'bob' });
    const refused = await client.get('/gone-and-text');
    expect([refused.status, refused.setCookie]).toEqual([500, []]);
  });

  it.each(ASSIGNED.map(([code], index) => [code, index]))(
    'refuses with %s what is no data (%d)',
    async (code, index) => {
      await signIn(client, { user: 'ada' });
      const reply = await client.get(`/assign?case=${index}`);
      expect([JSON.parse(reply.text), reply.setCookie]).toEqual([[code, { user: 'ada' }, true], []]);
    },
  );

  it('is unchanged when it is assigned to itself', async () => {
    await signIn(client, { user: 'ada' });
    expect((await client.get('/itself')).setCookie).toEqual([]);
  });

  it.each(Object.keys(LOOKS))('shows nothing but the keys of its data to %s', async (name) => {
    await signIn(client, { user: 'ada', cart: [] });
    const reply = await client.get('/looks');
    expect(JSON.parse(reply.text)[name]).toEqual(['user', 'cart']);
    expect(reply.setCookie).toEqual([]);
  });

  it('shows neither secret nor internals when it is inspected', async () => {
    await signIn(client, { user: 'ada' });
    expect(JSON.parse((await client.get('/inspect')).text)).toEqual([
      "ExpressSession { user: 'ada' }",
      'ExpressCookie {}',
    ]);
  });

  it('is there for middleware before Nest, also where no route is found', async () => {
    const app = await startExpress({
      controllers,
      use: [
        (request, _, next) => {
          (request as ExpressRequest).session.user = 'ada';
          next();
        },
      ],
    });
    const reply = await app.client().get('/nowhere');
    expect([reply.status, sentClaims(reply).data]).toEqual([404, { user: 'ada' }]);
  });

  it('is of its own in each of two applications', async () => {
    const [one, other] = [
      await startExpress({ session: { secretKey: SECRET }, controllers }),
      await startExpress({ session: { secretKey: OTHER_SECRET, cookieName: 'other' }, controllers }),
    ];
    const visitor = one.client();
    await visitor.get('/write');
    expect((await visitor.get(`${other.url}/write`)).setCookie).toEqual([expect.stringMatching(/^other=/)]);
    expect(await visitor.cookieNames()).toEqual(['other', 'session']);
    await visitor.get(`${one.url}/delete`);
    expect((await visitor.get(`${one.url}/read`)).text).toBe('nobody');
    expect((await visitor.get(`${other.url}/read`)).text).toBe('ada');
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
