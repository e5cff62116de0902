import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Session as NestSession } from '@nestjs/common';
import * as devalue from 'devalue';
import { Session, type SessionModuleOptions } from 'nestjs-sessions';
import { OTHER_SECRET, SECRET } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { DELETION, sentClaims, signIn } from '../../support/tokens.js';
import { type ExpressRequest, pages, startExpress } from './support/express-session.js';

@Controller()
class BothController {
  @Get('both')
  both(@NestSession() theirs: object, @Session() ours: Session): unknown {
    return { isSame: theirs === ours.data, theirs, size: ours.size };
  }
}

const controllers = [
  BothController,
  pages({
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
    expect((await client.get('/nested')).setCookie).toHaveLength(1);
    expect(JSON.parse((await client.get('/both')).text)).toEqual({
      isSame: true,
      theirs: { user: 'ada', cart: { items: ['a', 'b'] } },
      size: 2,
    });
  });

  it('loses what is deleted', async () => {
    await client.get('/write');
    await client.get('/delete');
    expect((await client.get('/read')).text).toBe('nobody');
  });
});

describe('request.session', () => {
  let client: Client;

  beforeEach(async () => {
    client = (await startExpress({ controllers })).client();
  });

  it('sends no cookie to a visitor of whom nothing is kept, and nothing at all where nobody asks', async () => {
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

  it('takes an object as its data, and leaves the old one to who holds it', async () => {
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/replace');
    expect([JSON.parse(reply.text), sentClaims(reply).data]).toEqual([[{ other: 1 }, { user: 'ada' }], { other: 1 }]);
  });

  it('is unchanged when it is assigned to itself', async () => {
    await signIn(client, { user: 'ada' });
    expect((await client.get('/itself')).setCookie).toEqual([]);
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
