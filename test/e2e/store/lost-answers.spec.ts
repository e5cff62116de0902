import { expect, it } from '@jest/globals';
import { describeOnEachPlatform } from '../../support/app.js';
import {
  type Attempts,
  BEGUN,
  begun,
  both,
  type Change,
  clear,
  destroy,
  login,
  person,
  rollback,
  setA,
  startTwoAttempts,
  startWithoutStore,
  tryTwice,
} from './support/two-attempts.js';

const deleteA: Change = (session) => session.delete('a');
const setB: Change = (session) => session.set('b', 2);
const giveMinute: Change = (session) => session.setLifetime({ maxAge: 60 });
const giveNone: Change = (session) => session.setLifetime({});

describeOnEachPlatform('A save that is tried again after its answer was lost', (platform) => {
  it.each<readonly [string, Attempts, object]>([
    ['deleted', { first: setA, lost: 'save', second: deleteA }, BEGUN],
    ['set back', { first: (s) => s.set('n', 1), lost: 'save', second: (s) => s.set('n', 0) }, BEGUN],
    [
      'deleted, and another one is set',
      { first: setA, lost: 'save', second: (s) => s.delete('a') && s.set('b', 2) },
      { ...BEGUN, b: 2 },
    ],
    [
      'deleted before regenerate()',
      { first: setA, lost: 'save', second: (s) => s.delete('a') && s.regenerate({ keep: ['cart', 'a'] }) },
      { cart: 1 },
    ],
    [
      'deleted, and another request has saved on top of it',
      { first: setA, lost: 'save', meanwhile: setB, second: deleteA },
      { ...BEGUN, b: 2 },
    ],
  ])('leaves no value in the store that is %s', async (_how, attempts, expected) => {
    for (const encrypt of [false, true]) {
      const { status, data, sessions } = await tryTwice(platform, attempts, {}, begun, { encrypt });
      expect([status, data, sessions.length]).toEqual([200, expected, 1]);
    }
  });

  it('ends a session that is emptied then, with all that it has', async () => {
    const attempts: Attempts = { first: setA, lost: 'save', second: clear };
    const { status, data, sessions, setCookie } = await tryTwice(platform, attempts);
    expect([status, data, sessions]).toEqual([200, {}, []]);
    expect(setCookie.join()).toContain('Max-Age=0');
  });

  it('leaves alone what another request has set in the same key, where the first attempt was not carried out', async () => {
    const { status, data } = await tryTwice(platform, {
      first: setA,
      lost: 'save',
      when: 'before',
      meanwhile: (session) => session.set('a', 5),
      second: deleteA,
    });
    expect([status, data]).toEqual([200, { ...BEGUN, a: 5 }]);
  });

  it.each(['store', 'cookie'] as const)('takes back a lifetime as well, with the data in the %s', async (data) => {
    for (const second of [giveNone, both(rollback, (session) => session.touch())]) {
      const attempts: Attempts = { first: giveMinute, lost: 'save', second };
      const { status, sessions, ...read } = await tryTwice(platform, attempts, { data });
      expect([status, read.data, sessions.length]).toEqual([200, BEGUN, 1]);
      for (const { text, expiresAt } of sessions) {
        expect(text).not.toMatch(/^60/);
        expect(expiresAt).toBeGreaterThan(Date.now() / 1000 + 3600);
      }
    }
  });

  it('tries nothing again for a handler that rolls back and answers by itself', async () => {
    const { store, client, visit, attempt } = await startTwoAttempts(platform);
    const visitor = client();
    await visit(visitor, begun);
    const { status } = await attempt(visitor, {
      first: setA,
      lost: 'save',
      meanwhile: () => store.take(),
      second: rollback,
    });
    expect([status, store.take().filter((command) => command !== 'load')]).toEqual([200, []]);
  });

  it('tries again what was changed after an earlier rollback', async () => {
    const first = both(rollback, setA);
    expect(await tryTwice(platform, { first, lost: 'save', second: deleteA })).toMatchObject({
      status: 200,
      data: BEGUN,
    });
  });

  it('begins anew for a person who comes back after that', async () => {
    const attempts: Attempts = { first: (s) => s.delete('user'), lost: 'save', second: login };
    const { status, data, copied, sessions } = await tryTwice(platform, attempts, person, both(begun, login));
    expect([status, data, copied, sessions.length]).toEqual([200, { ...BEGUN, user: 'ada' }, {}, 1]);
  });

  it('takes back a value of a session that it takes over', async () => {
    const before = await startWithoutStore(platform);
    for (const second of [deleteA, both(rollback, (session) => session.touch())]) {
      const { attempt, copyFrom } = await startTwoAttempts(platform, { adopt: true });
      const { status, data, copied } = await attempt(await copyFrom(before), { first: setA, lost: 'create', second });
      expect([status, data, copied]).toEqual([200, BEGUN, BEGUN]);
    }
  });

  it('decides in the second attempt which record it takes a session over with', async () => {
    const before = await startWithoutStore(platform);
    const { store, attempt, copyFrom, visit, read } = await startTwoAttempts(platform, { adopt: true });
    const [visitor, copy] = [await copyFrom(before), await copyFrom(before)];
    let creations = 0;
    store.before = async (command) => {
      if (command === 'create' && ++creations === 2) throw new Error('down');
    };
    const { status } = await attempt(visitor, { first: setA, lost: 'none', second: setB });
    expect([status, await read(copy)]).toEqual([200, { ...BEGUN, a: 1, b: 2 }]);
    await visit(copy, destroy);
    expect(await read(visitor)).toEqual({});
  });
});
