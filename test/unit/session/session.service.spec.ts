import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DefaultSessionData } from '../../../lib/data/session-data.js';
import { NOW, type Opened, openSession } from '../../support/open-session.js';
import { errorOf } from '../../support/errors.js';

beforeAll(() => {
  jest.useFakeTimers({ now: NOW * 1000 });
});
afterAll(() => {
  jest.useRealTimers();
});

const INHERITED = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf'];

describe('SessionService, reading', () => {
  it('gets own values', () => {
    const { session } = openSession({ user: 'ada', visits: 0, note: null, cart: { items: [1] } });
    expect(session.get('user')).toBe('ada');
    expect(session.get('visits')).toBe(0);
    expect(session.get('note')).toBeNull();
    expect(session.get('cart')).toStrictEqual({ items: [1] });
    expect(session.get('other')).toBeUndefined();
    expect(session.isModified).toBe(false);
  });

  it.each(INHERITED)('knows own keys only, not %s', (key) => {
    const { session } = openSession({ user: 'ada' });
    expect(session.get(key)).toBeUndefined();
    expect(session.has(key)).toBe(false);
    expect(session.delete(key)).toBe(false);
    expect(session.pop(key)).toBeUndefined();
    expect(session.pop(key, 'fallback')).toBe('fallback');
    expect(session.isModified).toBe(false);
  });

  it.each(INHERITED.filter((key) => key !== '__proto__'))('holds %s like any other key', (key) => {
    const { session, send } = openSession();
    session.set(key, 1);
    expect([session.get(key), session.has(key), session.size]).toStrictEqual([1, true, 1]);
    expect(session.keys()).toStrictEqual([key]);
    expect(send()).toHaveLength(1);
  });

  it('has a key whose value is undefined or null', () => {
    const { session } = openSession({ note: null });
    session.set('later', undefined);
    expect([session.has('note'), session.has('later'), session.has('other')]).toStrictEqual([true, true, false]);
  });

  it('lists keys and entries in their order', () => {
    const { session } = openSession({ b: 1, a: [2] });
    session.set('c', 3);
    expect(session.keys()).toStrictEqual(['b', 'a', 'c']);
    expect(session.entries()).toStrictEqual([
      ['b', 1],
      ['a', [2]],
      ['c', 3],
    ]);
    expect(session.size).toBe(3);
  });

  it('is empty without a cookie', () => {
    const { session } = openSession();
    expect([session.size, session.keys(), session.entries()]).toStrictEqual([0, [], []]);
    expect(session.data).toStrictEqual({});
  });

  it.each<[string, (opened: Opened) => unknown]>([
    ['get', ({ session }) => session.get('user')],
    ['has', ({ session }) => session.has('user')],
    ['keys', ({ session }) => session.keys()],
    ['entries', ({ session }) => session.entries()],
    ['size', ({ session }) => session.size],
    ['data', ({ session }) => session.data],
    ['id', ({ session }) => session.id],
    ['isNew', ({ session }) => session.isNew],
    ['expiresAt', ({ session }) => session.expiresAt],
    ['maxAge', ({ session }) => session.maxAge],
  ])('sends nothing because of %s', (_, read) => {
    for (const opened of [openSession(), openSession({ user: 'ada', list: [{}] })]) {
      read(opened);
      expect(opened.session.isModified).toBe(false);
      expect(opened.send()).toStrictEqual([]);
      expect(opened.response.getHeader('vary')).toBe('Cookie');
    }
  });
});

describe('SessionService, writing', () => {
  it('sets a value', () => {
    const { session, send } = openSession({ a: 1 });
    session.set('b', { c: [] });
    expect(session.data).toStrictEqual({ a: 1, b: { c: [] } });
    expect(session.isModified).toBe(true);
    expect(send()).toHaveLength(1);
  });

  it('is not modified by a value that is set to the same, or changed back', () => {
    const { session, send } = openSession({ a: 1, b: { c: 1, d: 2 } });
    session.set('a', 1);
    session.set('b', { d: 2, c: 1 });
    session.set('a', 2);
    expect(session.isModified).toBe(true);
    session.set('a', 1);
    expect(session.isModified).toBe(false);
    expect(send()).toStrictEqual([]);
  });

  it('refuses __proto__ as a key', () => {
    const { session } = openSession({ a: 1 });
    const complaint = {
      code: 'ERR_SESSION_KEY_FORBIDDEN',
      message: 'Cannot set a value in the session: the key "__proto__" would replace the prototype. Use another key.',
    };
    expect(errorOf(() => session.set('__proto__', { admin: true }))).toStrictEqual(complaint);
    const partial = JSON.parse('{"b":2,"__proto__":{"admin":true},"c":3}') as Record<string, unknown>;
    expect(errorOf(() => session.update(partial))).toStrictEqual(complaint);
    expect(session.data).toStrictEqual({ a: 1 });
    expect(session.isModified).toBe(false);
  });

  it('updates several values, leaving others', () => {
    const { session } = openSession({ a: 1, b: 2 });
    session.update({ b: 3, c: 4 });
    expect(session.data).toStrictEqual({ a: 1, b: 3, c: 4 });
    session.update({});
    expect(session.size).toBe(3);
  });

  it('deletes a value, saying whether it was there', () => {
    const { session, send } = openSession({ a: 1, b: 2 });
    expect([session.delete('a'), session.delete('a')]).toStrictEqual([true, false]);
    expect(session.data).toStrictEqual({ b: 2 });
    expect(send()).toHaveLength(1);
  });

  it('pops a value, or the fallback where there is none', () => {
    const { session } = openSession({ a: 0, b: null, c: 1 });
    expect([session.pop('a', 9), session.pop('a', 9), session.pop('a')]).toStrictEqual([0, 9, undefined]);
    expect(session.pop('b', 9)).toBeNull();
    expect(session.data).toStrictEqual({ c: 1 });
  });

  it('clears all values, in the same object', () => {
    const { session, send } = openSession({ a: 1, b: 2 });
    const { data } = session;
    session.clear();
    expect(data).toStrictEqual({});
    expect(session.data).toBe(data);
    expect(send()).toStrictEqual([
      'session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
    ]);
  });

  it.each<[string, (opened: Opened) => void]>([
    ['data', ({ session }) => session.data['cart'].items.push(2)],
    ['a value got', ({ session }) => session.get('cart').items.push(2)],
    ['an entry', ({ session }) => session.entries()[0]?.[1].items.push(2)],
    [
      'a value got by somebody before',
      ({ manager, request }) => manager.open<DefaultSessionData>(request).get('cart').items.push(2),
    ],
  ])('notices a change deep inside, made through %s', (_, change) => {
    const opened = openSession({ cart: { items: [1] } });
    change(opened);
    expect(opened.session.isModified).toBe(true);
    expect(opened.session.data).toStrictEqual({ cart: { items: [1, 2] } });
    expect(opened.send()).toHaveLength(1);
  });

  it('rolls back to the data that came, keeping the identity of the object', () => {
    const { session, send } = openSession({ a: { b: 1 } }, { ttl: 60, exp: NOW + 60 });
    const { data, id } = session;
    session.regenerate();
    session.update({ a: 2, c: 3 });
    session.maxAge = 5;
    session.touch();
    session.rollback();
    expect(session.data).toBe(data);
    expect(data).toStrictEqual({ a: { b: 1 } });
    expect([session.id, session.maxAge, session.isModified]).toStrictEqual([id, 60, false]);
    expect(send()).toStrictEqual([]);
  });

  it('regenerates with a new id and only the data to keep', () => {
    const { session, send } = openSession({ a: 1, b: 2, c: 3 });
    const before = { id: session.id, data: session.data };
    session.regenerate({ keep: ['b', 'missing', '__proto__'] });
    expect(session.data).toStrictEqual({ b: 2 });
    expect(session.data).toBe(before.data);
    expect(session.id).not.toBe(before.id);
    expect(session.isModified).toBe(true);
    expect(send()).toHaveLength(1);
  });

  it('regenerates without data by default', () => {
    const { session } = openSession({ a: 1 });
    session.regenerate();
    session.set('user', 'ada');
    expect(session.data).toStrictEqual({ user: 'ada' });
  });

  it('destroys, and starts a new session with the values set afterwards', () => {
    const { session, send } = openSession({ a: 1 });
    const { id } = session;
    session.destroy();
    expect([session.size, session.isModified]).toStrictEqual([0, true]);
    session.set('b', 2);
    expect(session.data).toStrictEqual({ b: 2 });
    expect(session.id).not.toBe(id);
    expect(send()).toHaveLength(1);
  });

  it('sends the cookie again after touch()', () => {
    const { session, send } = openSession({ a: 1 });
    session.touch();
    expect(session.isModified).toBe(false);
    expect(send()).toHaveLength(1);
  });
});
