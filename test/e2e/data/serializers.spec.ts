import { describe, expect, it } from '@jest/globals';
import type { SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import superjson from 'superjson';
import { savedClaims } from '../../support/saved.js';
import { SERIALIZERS } from '../../support/serializers.js';
import { SessionFilter } from '../../support/session-filter.js';
import { forge, ID, sentClaims, signIn } from '../../support/tokens.js';

const NOON = '2026-01-02T12:00:00.000Z';

/** Values of which plain JSON would make something else; made anew for each use. */
const rich = () => ({
  date: new Date(NOON),
  map: new Map<string, unknown>([['a', { set: new Set([1, 2]), when: new Date(NOON) }]]),
  numbers: [Number.NaN, Infinity, -Infinity, -0, 10n],
  nothing: { is: undefined },
  text: 'ä€😀\u2028"\\</script>',
});

let next: unknown;
let last: unknown;

const controller = routes({
  write: (session) => session.update(rich()),
  read: (session) => {
    last = session.data;
    return String(session.isModified);
  },
  same: (session) => session.update(rich()),
  sameInMap: (session) => {
    session.data.map.get('a').set.add(3);
    session.data.map.get('a').set.delete(3);
  },
  otherOrder: (session) => {
    const { date } = session.data;
    session.delete('date');
    session.set('date', date);
  },
  changeDate: (session) => session.data.date.setUTCHours(13),
  changeInMap: (session) => session.get('map').get('a').set.add(3),
  changeInEntries: (session) => {
    for (const [key, value] of session.entries()) if (key === 'map') value.get('a').when.setUTCHours(13);
  },
  changeAndRollback: (session) => {
    session.data.map.get('a').set.add(3);
    session.data.date.setUTCHours(13);
    session.rollback();
    last = session.data;
  },
  set: (session) => session.set('bad', next),
  clear: (session) => session.clear(),
});

describeOnEachPlatform('With a serializer', (platform) => {
  const start = async (session: Partial<SessionModuleOptions>) => {
    const filter = new SessionFilter();
    const configure = (app: { useGlobalFilters(given: SessionFilter): unknown }) => app.useGlobalFilters(filter);
    const client = (await startApp(platform, { session, controllers: [controller], configure })).client();
    return { client, filter };
  };

  describe.each(Object.entries(SERIALIZERS))('(%s)', (_name, serializer) => {
    it.each([false, true])('Dates, Maps, Sets, BigInts and all numbers survive (encrypt: %s)', async (encrypt) => {
      const { client } = await start({ serializer, encrypt });
      expect((await client.get('/write')).setCookie).toHaveLength(1);
      expect(await dataOf(client)).toStrictEqual(rich());
    });

    it.each(['read', 'same', 'sameInMap', 'otherOrder', 'changeAndRollback'])(
      'no cookie is sent when nothing is changed (/%s)',
      async (path) => {
        const { client } = await start({ serializer });
        await client.get('/write');
        const reply = await client.get(`/${path}`);
        expect([reply.status, reply.setCookie, reply.headers.vary]).toEqual([200, [], 'Cookie']);
      },
    );

    it('rollback() brings Dates and Maps back as such', async () => {
      const { client } = await start({ serializer });
      await client.get('/write');
      await client.get('/changeAndRollback');
      expect(last).toStrictEqual(rich());
    });

    it.each([
      ['changeDate', (data: ReturnType<typeof rich>) => data.date.setUTCHours(13)],
      ['changeInMap', ({ map }: ReturnType<typeof rich>) => partOf(map).set.add(3)],
      ['changeInEntries', ({ map }: ReturnType<typeof rich>) => partOf(map).when.setUTCHours(13)],
    ])('one cookie is sent when something deep inside is changed (/%s)', async (path, change) => {
      const { client } = await start({ serializer });
      const { jti } = sentClaims(await client.get('/write'));
      const reply = await client.get(`/${path}`);
      expect([reply.status, (await savedClaims(client, reply)).jti]).toEqual([200, jti]);
      const expected = rich();
      change(expected);
      expect(await dataOf(client)).toStrictEqual(expected);
    });

    it('the token holds its text, and the cookie is deleted when the session is emptied', async () => {
      const { client } = await start({ serializer });
      const { data } = sentClaims(await client.get('/write'));
      expect(data).toBe(serializer.stringify(rich()));
      const reply = await client.get('/clear');
      expect([reply.setCookie.length, await client.cookieNames()]).toEqual([1, []]);
    });

    it('sessions from before are kept, and change their form when they are written', async () => {
      const { client } = await start({ serializer });
      const before = { user: 'tom', list: [1, { a: null }] };
      await signIn(client, before);
      expect((await client.get('/read')).setCookie).toEqual([]);
      expect(last).toStrictEqual(before);
      const claims = sentClaims(await client.get('/write'));
      expect(claims).toMatchObject({ jti: ID, data: serializer.stringify({ ...before, ...rich() }) });
      expect(await dataOf(client)).toStrictEqual({ ...before, ...rich() });
    });

    it('an application that goes back to JSON has new sessions', async () => {
      const { client } = await start({ serializer });
      await client.get('/write');
      const reasons: string[] = [];
      const { client: plain } = await start({ onReject: (reason) => void reasons.push(reason) });
      const headers = { cookie: `session=${await client.cookie()}` };
      const reply = await plain.get('/read', { headers });
      expect([reply.status, reply.setCookie, last, reasons]).toEqual([200, [], {}, ['malformed']]);
    });
  });

  it('superjson may be given as its readme imports it, which is a class', async () => {
    const { client } = await start({ serializer: superjson });
    await client.get('/write');
    expect(await dataOf(client)).toStrictEqual(rich());
  });

  it('that refuses a value, the key is named and the old session stays', async () => {
    const { client, filter } = await start({ serializer: SERIALIZERS.devalue });
    await client.get('/write');
    next = { inside: () => 1 };
    const reply = await client.get('/set');
    expect([reply.status, reply.setCookie]).toEqual([507, []]);
    const message =
      'Cannot save the session: "bad" cannot be written, the serializer refuses it. ' +
      'Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.';
    expect(filter.seen).toEqual([['ERR_SESSION_NOT_SERIALIZABLE', message]]);
    expect(await dataOf(client)).toStrictEqual(rich());
  });

  it('that cannot carry cycles, one that can does', async () => {
    const { client } = await start({ serializer: SERIALIZERS.devalue });
    const cycle: Record<string, unknown> = { name: 'cycle' };
    next = Object.assign(cycle, { self: cycle });
    expect((await client.get('/set')).setCookie).toHaveLength(1);
    expect(await dataOf(client)).toEqual({ bad: cycle });
    expect((await client.get('/read')).setCookie).toEqual([]);
  });

  it.each([
    ['throws', () => failing()],
    ['gives an array', () => []],
    ['gives nothing', () => undefined],
    ['gives an object with the key __proto__', () => JSON.parse('{"__proto__":{"admin":true}}')],
  ])('whose parse() %s, the session is a new one', async (_case, parse) => {
    const reasons: string[] = [];
    const onReject = (reason: string) => void reasons.push(reason);
    const { client } = await start({ serializer: { stringify: JSON.stringify, parse }, onReject });
    await client.setCookie(
      'session',
      forge({}, { claims: { data: 'text' as unknown as object & Record<string, unknown> } }),
    );
    const reply = await client.get('/read');
    expect([reply.status, reply.setCookie, last, reasons]).toEqual([200, [], {}, ['malformed']]);
  });
});

/** What the next request finds, unmodified. */
async function dataOf(client: Client): Promise<unknown> {
  last = undefined;
  expect((await client.get('/read')).text).toBe('false');
  return last;
}

function partOf(map: ReadonlyMap<string, unknown>): { set: Set<number>; when: Date } {
  return map.get('a') as { set: Set<number>; when: Date };
}

function failing(): never {
  throw new Error('not this text');
}
