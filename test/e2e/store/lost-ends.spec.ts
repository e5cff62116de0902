import { expect, it } from '@jest/globals';
import type { SessionStoreOptions } from 'nestjs-sessions';
import { describeOnEachPlatform } from '../../support/app.js';
import type { TestStore } from '../../support/stores.js';
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

const nothing: Change = () => undefined;
const renew: Change = (session) => session.regenerate();
const keepCart: Change = (session) => session.regenerate({ keep: ['cart'] });
const logout: Change = (session) => session.delete('user');

/** What the store was asked: of `create` all of it, of the other commands only so much. */
const asked = ({ seen }: TestStore) => seen.map((each) => JSON.parse(each) as Parameters<TestStore['create']>);

/** The end was carried out and its answer lost, so that another request may have logged out as well. */
const UNKNOWN: readonly (readonly [string, Attempts, Partial<SessionStoreOptions>?, Change?])[] = [
  ['regenerate() with values', { first: keepCart, lost: 'save', second: nothing }],
  ['regenerate() with values, then rollback()', { first: keepCart, lost: 'save', second: rollback }],
  ['a change of person', { first: login, lost: 'save', second: nothing }, person],
  ['clear(), then another value', { first: clear, lost: 'save', second: setA }],
  ['clear(), then rollback()', { first: clear, lost: 'save', second: rollback }],
  [
    'clear(), then regenerate() with a value',
    { first: clear, lost: 'save', second: both(setA, (s) => s.regenerate({ keep: ['a'] })) },
  ],
  ['regenerate(), then rollback()', { first: renew, lost: 'delete', second: rollback }],
  ['destroy(), then rollback()', { first: destroy, lost: 'delete', second: rollback }],
  [
    'a log-out with the data in the cookie',
    { first: logout, lost: 'save', second: nothing },
    { ...person, data: 'cookie' },
    both(begun, login),
  ],
];

describeOnEachPlatform('A session whose end was lost in a first attempt', (platform) => {
  it.each(UNKNOWN)(
    'does not go on, and the answer says so: %s',
    async (_how, attempts, options = {}, begin = begun) => {
      const { status, setCookie, sessions, data, copied } = await tryTwice(platform, attempts, options, begin);
      expect([status, setCookie, data, copied]).toEqual([503, [], {}, {}]);
      // Nothing that a log-out would have to end.
      expect(sessions.filter(({ text }) => text.includes('cart'))).toEqual([]);
    },
  );

  it.each<readonly [string, Attempts, object]>([
    ['regenerate() with values', { first: keepCart, lost: 'save', second: nothing }, { cart: 1 }],
    ['regenerate() with values, then rollback()', { first: keepCart, lost: 'save', second: rollback }, BEGUN],
    ['clear(), then another value', { first: clear, lost: 'save', second: setA }, { a: 1 }],
    ['clear(), then rollback()', { first: clear, lost: 'save', second: rollback }, BEGUN],
    ['regenerate(), then rollback()', { first: renew, lost: 'delete', second: rollback }, BEGUN],
    ['destroy(), then rollback()', { first: destroy, lost: 'delete', second: rollback }, BEGUN],
  ])('goes on where that was not carried out: %s', async (_how, attempts, expected) => {
    const { status, data, sessions } = await tryTwice(platform, { ...attempts, when: 'before' });
    expect([status, data, sessions.length]).toEqual([200, expected, 1]);
  });

  it.each<readonly [string, Attempts, object]>([
    ['regenerate() with values, then rollback()', { first: keepCart, lost: 'delete', second: rollback }, BEGUN],
    ['destroy(), then another value', { first: destroy, lost: 'delete', second: setA }, { a: 1 }],
    ['regenerate(), then another value', { first: renew, lost: 'delete', second: setA }, { a: 1 }],
    ['regenerate(), then once more', { first: both(renew, setA), lost: 'create', second: both(renew, setA) }, { a: 1 }],
  ])('is ended for good, with each copy of its cookie: %s', async (_how, attempts, expected) => {
    const { status, data, copied, sessions } = await tryTwice(platform, attempts);
    expect([status, data, copied, sessions.length]).toEqual([200, expected, {}, 1]);
  });

  it('stays ended where another request has ended it and the second attempt only repeats that', async () => {
    for (const second of [nothing, destroy]) {
      const attempts: Attempts = { first: clear, lost: 'save', meanwhile: destroy, second };
      const { status, data, sessions } = await tryTwice(platform, attempts);
      expect([status, data, sessions]).toEqual([200, {}, []]);
    }
  });

  it('does not come back by rollback() where another request has logged out before it was emptied', async () => {
    const { store, client, visit, attempt } = await startTwoAttempts(platform);
    const visitor = client();
    await visit(visitor, begun);
    store.before = (command) => (command === 'save' ? store.revoke() : undefined);
    const { status, sessions, data } = await attempt(visitor, { first: clear, lost: 'none', second: rollback });
    expect([status, sessions, data]).toEqual([200, [], {}]);
  });

  it('does not go on where it came without a record', async () => {
    const before = await startWithoutStore(platform);
    const { attempt, copyFrom } = await startTwoAttempts(platform, { adopt: true });
    const visitor = await copyFrom(before);
    const { status, setCookie, data } = await attempt(visitor, { first: destroy, lost: 'create', second: rollback });
    expect([status, setCookie, data]).toEqual([503, [], {}]);
  });

  it('is deleted where a new session may not go on after a log-out, also in a second attempt', async () => {
    // The claim finds that another request has logged out, and deleting the new session fails.
    const { store, client, visit, attempt } = await startTwoAttempts(platform);
    const visitor = client();
    await visit(visitor, begun);
    let isOut = false;
    store.after = async (command) => {
      if (command !== 'create' || isOut) return;
      isOut = true;
      await store.revoke();
      await store.create(...(asked(store).at(-1) as Parameters<TestStore['create']>));
    };
    const { status, setCookie, sessions } = await attempt(visitor, {
      first: keepCart,
      lost: 'delete',
      when: 'before',
      second: nothing,
    });
    expect([status, setCookie, sessions]).toEqual([200, [], []]);
  });
});

describeOnEachPlatform('A new session whose beginning was lost in a first attempt', (platform) => {
  it.each<readonly [string, Attempts, Partial<SessionStoreOptions>?]>([
    ['emptied', { first: setA, lost: 'create', second: clear }],
    ['destroyed', { first: setA, lost: 'create', second: destroy }],
    [
      'left, with the data in the cookie',
      { first: both(login, setA), lost: 'create', second: logout },
      { ...person, data: 'cookie' },
    ],
  ])('leaves nothing in the store where it is %s', async (_how, attempts, options = {}) => {
    const { client, attempt } = await startTwoAttempts(platform, options);
    const { status, sessions } = await attempt(client(), attempts);
    expect([status, sessions]).toEqual([200, []]);
  });

  it.each<readonly [string, Change]>([
    ['the first one of its visitor', setA],
    ['that of regenerate()', both(renew, setA)],
  ])('is not brought back by the first attempt, which is carried out after a log-out: %s', async (_which, first) => {
    const { store, client, visit, attempt, copyFrom, read } = await startTwoAttempts(platform);
    const visitor = client();
    if (first !== setA) await visit(visitor, begun);
    store.seen.length = 0;
    const { data } = await attempt(visitor, { first, lost: 'create', when: 'before', second: nothing });
    const copy = await copyFrom(visitor);
    await visit(visitor, destroy);
    const late = asked(store).find(({ length }) => length === 3);
    await store.create(...(late as Parameters<TestStore['create']>));
    expect([data, await read(copy)]).toEqual([{ a: 1 }, {}]);
  });

  it('begins anew for another person', async () => {
    const { store, client, attempt } = await startTwoAttempts(platform, person);
    const attempts: Attempts = { first: login, lost: 'create', second: (session) => session.set('user', 'bob') };
    const { status, data, sessions } = await attempt(client(), attempts);
    expect([status, data, sessions.length]).toEqual([200, { user: 'bob' }, 1]);
    const written = asked(store).filter(([, record]) => typeof record === 'object');
    expect(new Set(written.map(([key]) => key)).size).toBe(2);
  });
});
