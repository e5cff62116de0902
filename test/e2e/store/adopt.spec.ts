import { describe, expect, it } from '@jest/globals';
import type { SessionModuleOptions, SessionRejectReason, SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { subjectKey } from '../../../lib/session/record-key.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { routes } from '../../support/routes.js';
import { TestStore, turns } from '../../support/stores.js';
import { claimsOf } from '../../support/tokens.js';

/** Requests that wait for each other after they have read their session, so that they are parallel for certain. */
let waiting: (() => void)[] = [];
async function together(): Promise<void> {
  if (waiting.length === 1) for (const go of waiting.splice(0)) go();
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

const controller = routes({
  unused: () => 'unused',
  read: (session) => JSON.stringify(session.data),
  begin: (session) => session.update({ n: 1, user: 'ada' }),
  write: (session) => session.set('n', (session.get('n') ?? 0) + 1),
  'parallel-a': async (session) => {
    session.get('n');
    await together();
    session.set('a', 1);
  },
  'parallel-b': async (session) => {
    session.get('n');
    await together();
    session.set('b', 1);
  },
  'parallel-end': async (session) => {
    session.get('n');
    await together();
    session.destroy();
  },
  remember: (session) => {
    session.maxAge = 5_000_000;
  },
  touch: (session) => session.touch(),
  regenerate: (session) => session.regenerate({ keep: ['n'] }),
  login: (session) => {
    session.regenerate();
    session.set('user', 'bob');
  },
  clear: (session) => session.clear(),
  destroy: (session) => session.destroy(),
});

const subject: SessionStoreOptions['subject'] = ({ user }) => user as string | undefined;

describeOnEachPlatform('A session from before the store, with adopt: true', (platform) => {
  describe.each(['store', 'cookie'] as const)("and data: '%s',", (data) => {
    const begun = async (options: Partial<SessionModuleOptions> = {}, plainOptions = options) => {
      stopClock();
      waiting = [];
      const store = new TestStore();
      const reasons: SessionRejectReason[] = [];
      const plain = await startApp(platform, {
        session: { store: undefined, ...plainOptions },
        controllers: [controller],
      });
      const { client } = await startApp(platform, {
        session: {
          store: { store, data, adopt: true, subject },
          onReject: (reason) => reasons.push(reason),
          ...options,
        },
        controllers: [controller],
      });
      const old = plain.client();
      await old.get('/begin');
      const copy = async (of: Client = old) => {
        const other = client();
        await other.setCookie('session', (await of.cookie()) ?? '');
        return other;
      };
      return { store, reasons, old, copy, visitor: await copy() };
    };
    it.each(['/unused', '/read'])('is read as it is, and not written: %s', async (path) => {
      const { store, visitor } = await begun();
      expect([(await visitor.get(path)).setCookie, store.take()]).toEqual([[], ['load']]);
      expect([(await visitor.get('/read')).text, store.records.size]).toEqual(['{"n":1,"user":"ada"}', 0]);
    });

    it.each(['/write', '/touch'])('keeps id and data, and has a record from its next write on: %s', async (path) => {
      const { store, old, visitor } = await begun();
      expect((await visitor.get(path)).setCookie).toHaveLength(1);
      expect(store.take()).toEqual(['load', 'create', 'create']);
      expect([await idOf(visitor), claimsOf((await visitor.cookie()) ?? '')]).toEqual([
        await idOf(old),
        expect.objectContaining({ st: 1, iat: START }),
      ]);
      expect(JSON.parse((await visitor.get('/read')).text)).toEqual({ n: path === '/write' ? 2 : 1, user: 'ada' });
      expect(store.take()).toEqual(['load']);
    });

    it.each([
      ['before its first write', []],
      ['after it', ['/write']],
    ])('is over for each copy of its cookies when it is destroyed %s', async (_, paths) => {
      const { reasons, visitor, copy } = await begun();
      for (const path of paths) await visitor.get(path);
      const [oldest, newest] = [await copy(), await copy(visitor)];
      await visitor.get('/destroy');
      for (const each of [oldest, newest]) {
        expect((await each.get('/read')).text).toBe('{}');
        await each.get('/write');
      }
      expect(reasons).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
      expect((await (await copy()).get('/read')).text).toBe('{}');
    });

    it.each(['/clear', '/regenerate', '/login'])('is over for each copy of its cookie after %s', async (path) => {
      const { reasons, visitor, copy } = await begun();
      await visitor.get(path);
      expect([(await (await copy()).get('/read')).text, reasons]).toEqual(['{}', ['revoked']]);
      if (path === '/regenerate') expect((await visitor.get('/read')).text).toBe('{"n":1}');
    });

    it('is over for each copy of its cookies when all sessions of its person are ended', async () => {
      const { store, visitor, copy } = await begun();
      await visitor.get('/write');
      const [whose = ''] = [...store.records.values()].flatMap((record) => record.subject ?? []);
      expect(await store.deleteAllOf(whose, START)).toHaveLength(1);
      expect([(await visitor.get('/read')).text, (await (await copy()).get('/read')).text]).toEqual(['{}', '{}']);
    });

    it('is over for copies that had more time, and until the last of them has ended', async () => {
      const { visitor, copy, old } = await begun({ maxAge: 1000, rolling: true });
      const early = await copy();
      setClock(900);
      await old.get('/read');
      const late = await copy();
      await early.get('/write');
      await early.get('/destroy');
      for (const seconds of [901, 1899]) {
        setClock(seconds);
        expect((await late.get('/read')).text).toBe('{}');
      }
      expect((await visitor.get('/read')).text).toBe('{}');
    });

    it('is over for a copy that was given a longer life than the one that was taken over', async () => {
      const { visitor, copy, old } = await begun();
      await old.get('/remember');
      const late = await copy();
      await visitor.get('/write');
      await late.get('/read');
      await visitor.get('/destroy');
      for (const seconds of [1, 4_999_999]) {
        setClock(seconds);
        expect((await (await copy(late)).get('/read')).text).toBe('{}');
      }
    });

    it.each(['/write', '/touch', '/regenerate'])(
      'does not come back where it ended since the request came: %s',
      async (path) => {
        const { store, visitor, copy } = await begun();
        const other = await copy();
        let isOver = false;
        store.before = async (command) => {
          if (command !== 'create' || isOver) return;
          isOver = true;
          await other.get('/write');
          await other.get('/destroy');
        };
        const { status } = await visitor.get(path);
        expect([isOver, status, (await visitor.get('/read')).text]).toEqual([true, 200, '{}']);
        expect((await (await copy()).get('/read')).text).toBe('{}');
      },
    );

    it('is over where all sessions of its person are ended while a request takes it over', async () => {
      const { store, visitor, copy } = await begun();
      store.before = async (command) => {
        if (command !== 'create') return;
        store.before = () => undefined;
        await store.deleteAllOf(subjectKey('session', 'ada'), Date.now() / 1000);
      };
      const { status, setCookie } = await visitor.get('/write');
      expect([status, setCookie]).toEqual([200, []]);
      // Longer than the store remembers that its person was revoked.
      setClock(3600);
      for (const each of [visitor, await copy()]) expect((await each.get('/read')).text).toBe('{}');
    });

    it('goes on after two requests that take it over at once', async () => {
      const { store, visitor, copy } = await begun();
      const other = await copy();
      await Promise.all([visitor.get('/parallel-a'), other.get('/parallel-b')]);
      expect(store.records.size).toBe(2);
      const [one, two] = [await visitor.get('/read'), await other.get('/read')].map(
        ({ text }) => JSON.parse(text) as object,
      );
      const whole = { n: 1, user: 'ada', a: 1, b: 1 };
      if (data === 'store') expect([one, two]).toEqual([whole, whole]);
      else
        expect([one, two]).toEqual([
          { n: 1, user: 'ada', a: 1 },
          { n: 1, user: 'ada', b: 1 },
        ]);
    });

    it('is over after a request that takes it over and one that ends it, at once', async () => {
      for (const paths of [
        ['/parallel-a', '/parallel-end'],
        ['/parallel-end', '/parallel-a'],
      ]) {
        const { visitor, copy } = await begun();
        const other = await copy();
        await Promise.all([visitor.get(paths[0] ?? ''), other.get(paths[1] ?? '')]);
        await turns(20);
        for (const each of [visitor, other, await copy()]) expect((await each.get('/read')).text).toBe('{}');
      }
    });

    it('is unavailable where the store does not answer, and is not lost', async () => {
      const { store, visitor } = await begun();
      store.before = () => Promise.reject(new Error('down'));
      expect([(await visitor.get('/unused')).status, (await visitor.get('/read')).status]).toEqual([200, 503]);
      store.before = () => undefined;
      expect((await visitor.get('/read')).text).toBe('{"n":1,"user":"ada"}');
    });

    it.each([0, 1])('is taken over by the next request where its %sth write was not answered', async (index) => {
      const { store, visitor } = await begun();
      let count = 0;
      store.after = async (command) => {
        if (command === 'create' && count++ === index) throw new Error('cut');
      };
      expect((await visitor.get('/write')).status).toBe(503);
      store.after = () => undefined;
      expect((await visitor.get('/read')).text).toMatch(/^\{"n":[12],"user":"ada"\}$/);
      await visitor.get('/write');
      expect((await visitor.get('/read')).text).toMatch(/^\{"n":[23],"user":"ada"\}$/);
    });

    it('asks nothing of the store for a cookie that is forged or has expired', async () => {
      const { store, visitor, copy } = await begun({ maxAge: 1000 });
      const forged = await copy();
      await forged.setCookie(
        'session',
        ((await visitor.cookie()) ?? '').replace(/.(?=.$)/, (each) => (each === 'A' ? 'B' : 'A')),
      );
      expect((await forged.get('/read')).text).toBe('{}');
      setClock(1000);
      expect([(await visitor.get('/read')).text, store.take()]).toEqual(['{}', []]);
    });

    it('may be encrypted', async () => {
      const { visitor, copy } = await begun({ encrypt: true, accept: ['signed'] }, {});
      await visitor.get('/write');
      expect((await visitor.get('/read')).text).toBe('{"n":2,"user":"ada"}');
      await visitor.get('/destroy');
      expect((await (await copy()).get('/read')).text).toBe('{}');
    });
  });
});

async function idOf(client: Client): Promise<string> {
  return claimsOf((await client.cookie()) ?? '').jti;
}
