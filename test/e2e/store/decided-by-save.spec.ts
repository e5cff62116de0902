import { describe, expect, it } from '@jest/globals';
import { ForbiddenException } from '@nestjs/common';
import type { SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { rawResponse, type RouteHandler, routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { ANSWERS_BY_HAND } from './support/answers-by-hand.js';

const WAYS: Readonly<Record<string, (response: object) => unknown>> = {
  ...Object.fromEntries(
    Object.entries(ANSWERS_BY_HAND).map(([name, send]) => [name, (response: object) => send(rawResponse(response))]),
  ),
  returned: () => 'sent',
  thrown: () => {
    throw new ForbiddenException();
  },
};

describeOnEachPlatform('A cookie about which the save decides, because another request was first', (platform) => {
  describe.each(Object.keys(WAYS))('in an answer that is sent by %s', (way) => {
    /** A visitor whose session `change` changes, after another request has done `other`. */
    const visit = async (change: (session: SessionService) => void, other: string) => {
      let beside: (() => Promise<unknown>) | undefined;
      const handle: RouteHandler = async (session, response) => {
        change(session);
        await beside?.();
        return WAYS[way]?.(response);
      };
      const { client } = await startApp(platform, {
        session: { store: new TestStore() },
        controllers: [
          routes({
            begin: (session) => session.set('user', 'ada'),
            cart: (session) => session.set('cart', 1),
            renew: (session) => session.regenerate({ keep: ['user'] }),
            read: (session) => JSON.stringify(session.data),
            change: handle,
          }),
        ],
      });
      const visitor = client();
      await visitor.get('/begin');
      beside = () => visitor.get(other);
      const { setCookie } = await visitor.get('/change');
      return { setCookie, data: (await visitor.get('/read')).text };
    };

    it('stays where the session was emptied and lives on with what the other one has saved', async () => {
      expect(await visit((session) => session.clear(), '/cart')).toEqual({ setCookie: [], data: '{"cart":1}' });
    });

    it('is none where the other one goes on with the values that are kept', async () => {
      expect(await visit((session) => session.regenerate({ keep: ['user'] }), '/renew')).toEqual({
        setCookie: [],
        data: '{"user":"ada"}',
      });
    });

    it('is none where the other one has ended the session, and nothing comes back', async () => {
      const { setCookie, data } = await visit((session) => session.set('user', 'eve'), '/renew');
      expect([setCookie, data]).toEqual([[], '{"user":"ada"}']);
    });
  });
});
