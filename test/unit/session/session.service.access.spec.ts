import type { DefaultSessionData } from '../../../lib/data/session-data.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SessionService } from '../../../lib/session/session.service.js';
import { exchangeWith } from '../../support/exchange.js';
import { managerWith, NOW, openSession, tokenOf } from '../../support/open-session.js';
import { errorOf } from '../../support/errors.js';

const DAYS_14 = 1_209_600;
const at = (seconds: number) => new Date(seconds * 1000);

beforeAll(() => {
  jest.useFakeTimers();
});
beforeEach(() => {
  jest.setSystemTime(NOW * 1000 + 999);
});
afterAll(() => {
  jest.useRealTimers();
});

/** Every member that changes the session, with what its complaints begin with. */
const CHANGES: [what: string, change: (session: SessionService) => unknown][] = [
  ['set a value of', (session) => session.set('a', 1)],
  ['delete a value of', (session) => session.delete('a')],
  ['pop a value of', (session) => session.pop('a')],
  ['update', (session) => session.update({ a: 1 })],
  ['clear', (session) => session.clear()],
  ['set the maxAge of', (session) => (session.maxAge = 60)],
  ['regenerate', (session) => session.regenerate()],
  ['destroy', (session) => session.destroy()],
  ['roll back', (session) => session.rollback()],
  ['touch', (session) => session.touch()],
];

/** A session opened by its request alone. */
function openReadOnly() {
  const { request, response } = exchangeWith(`session=${tokenOf({ a: 1 })}`);
  const manager = managerWith();
  return {
    session: manager.open<DefaultSessionData>(request),
    attach: () => manager.open(request, response),
    response,
  };
}

describe('SessionService, id and times', () => {
  it('has the id and the times of the cookie that came', () => {
    const { session } = openSession({ a: 1 }, { jti: 'an-id_1', iat: NOW - 5.5, exp: NOW + 7 });
    expect([session.isNew, session.id]).toStrictEqual([false, 'an-id_1']);
    expect(session.createdAt).toStrictEqual(at(NOW - 5.5));
    expect(session.expiresAt).toStrictEqual(at(NOW + 7));
  });

  it('has a random id of 128 bits, and is created now, without a cookie', () => {
    const { session } = openSession();
    expect(session.isNew).toBe(true);
    expect(session.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(session.id).toBe(session.id);
    expect(session.id).not.toBe(openSession().session.id);
    expect(session.createdAt).toStrictEqual(at(NOW));
    expect(session.expiresAt).toStrictEqual(at(NOW + DAYS_14));
  });

  it('keeps its id while values change', () => {
    const { session } = openSession();
    const { id } = session;
    session.set('a', 1);
    session.clear();
    session.rollback();
    expect(session.id).toBe(id);
  });

  it('is created anew by regenerate() and by destroy()', () => {
    for (const change of ['regenerate', 'destroy'] as const) {
      const { session } = openSession({ a: 1 });
      session[change]();
      expect(session.createdAt).toStrictEqual(at(NOW));
    }
  });

  it('ends as the cookie will that is about to be sent', () => {
    const { session } = openSession({ a: 1 });
    expect(session.expiresAt).toStrictEqual(at(NOW + 1000));
    session.touch();
    expect(session.expiresAt).toStrictEqual(at(NOW + DAYS_14));
    session.maxAge = 60;
    expect(session.expiresAt).toStrictEqual(at(NOW + 60));
    session.rollback();
    expect(session.expiresAt).toStrictEqual(at(NOW + 1000));
  });

  it('hands out Dates that change nothing', () => {
    const { session } = openSession({ a: 1 });
    session.createdAt.setTime(0);
    session.expiresAt.setTime(0);
    expect(session.createdAt).toStrictEqual(at(NOW - 600));
    expect(session.expiresAt).toStrictEqual(at(NOW + 1000));
  });
});

describe('SessionService.maxAge', () => {
  it('is that of the module, of the cookie, or as set', () => {
    expect(openSession().session.maxAge).toBe(DAYS_14);
    expect(openSession({}, {}, { maxAge: 60 }).session.maxAge).toBe(60);
    const { session } = openSession({ a: 1 }, { ttl: 30, exp: NOW + 30 });
    expect(session.maxAge).toBe(30);
    session.maxAge = 31;
    expect([session.maxAge, session.isModified]).toStrictEqual([31, true]);
    session.maxAge = undefined;
    expect([session.maxAge, session.isModified]).toStrictEqual([DAYS_14, true]);
    session.maxAge = 30;
    expect(session.isModified).toBe(false);
  });

  it.each([1, 3_155_760_000])('may be %d', (seconds) => {
    const { session, send } = openSession({ a: 1 });
    session.maxAge = seconds;
    expect(session.maxAge).toBe(seconds);
    expect(send()[0]).toContain(`; Max-Age=${seconds};`);
  });

  it.each([0, -1, 1.5, NaN, Infinity, 3_155_760_001, '60', null, 60n, true])('refuses %p', (value) => {
    const { session } = openSession({ a: 1 });
    expect(errorOf(() => (session.maxAge = value as number))).toStrictEqual({
      code: 'ERR_SESSION_MAX_AGE_INVALID',
      message:
        'Cannot set the maxAge of the session: it is not a whole number of seconds from 1 to 3155760000. ' +
        'Give seconds, not milliseconds, or undefined for the maxAge of the module.',
    });
    expect([session.maxAge, session.isModified]).toStrictEqual([DAYS_14, false]);
  });

  it('is forgotten by regenerate()', () => {
    const { session } = openSession({ a: 1 }, { ttl: 30, exp: NOW + 30 });
    session.regenerate();
    expect(session.maxAge).toBe(DAYS_14);
  });
});

describe('SessionService without a response', () => {
  it('can be read', () => {
    const { session } = openReadOnly();
    expect([session.get('a'), session.isNew, session.data]).toStrictEqual([1, false, { a: 1 }]);
  });

  it.each(CHANGES)('refuses to %s it', (what, change) => {
    const { session } = openReadOnly();
    expect(errorOf(() => change(session))).toStrictEqual({
      code: 'ERR_SESSION_READ_ONLY',
      message:
        `Cannot ${what} the session: no response is known that could carry its cookie. ` +
        'Open it with its response, sessions.open(request, response); the handshake of a socket is answered already.',
    });
    expect([session.data, session.isModified]).toStrictEqual([{ a: 1 }, false]);
  });

  it('hands out a frozen copy, so that no change is lost in silence', () => {
    const { request } = exchangeWith(`session=${tokenOf({ cart: { items: [1] } })}`);
    const session = managerWith().open<{ cart: { items: number[] } }>(request);
    expect(() => Object.assign(session.data, { a: 1 })).toThrow(TypeError);
    expect(() => session.get('cart')?.items.push(2)).toThrow('object is not extensible');
    expect(() => session.entries()[0]?.[1].items.push(2)).toThrow('object is not extensible');
    expect(session.data).toEqual({ cart: { items: [1] } });
  });

  it('hands out the live data as soon as the response is attached', () => {
    const { session, attach, response } = openReadOnly();
    expect(Object.isFrozen(session.data)).toBe(true);
    attach();
    session.data['b'] = { c: [] };
    session.get('b').c.push(1);
    expect(session.data).toStrictEqual({ a: 1, b: { c: [1] } });
    response.writeHead(200);
    expect(response.getHeader('set-cookie')).toMatch(/^session=/);
  });

  it.each<[string, (session: SessionService) => unknown]>([
    ['untouched before', () => undefined],
    ['read before', (session) => session.get('a')],
    ['read, though changed in vain, before', (session) => errorOf(() => session.set('a', 2))],
  ])('can be written as soon as the response is attached: %s', (_, before) => {
    const { session, attach, response } = openReadOnly();
    before(session);
    expect(attach()).toBe(session);
    session.set('b', 2);
    response.writeHead(200);
    expect(response.getHeader('set-cookie')).toMatch(/^session=/);
  });
});

describe('SessionService after the headers have left', () => {
  it.each(CHANGES)('refuses to %s the session, read before or not', (what, change) => {
    for (const isRead of [true, false]) {
      const { session, response } = openSession({ a: 1 });
      if (isRead) session.get('a');
      response.writeHead(200);
      response.flushHeaders();
      expect(errorOf(() => change(session))).toStrictEqual({
        code: 'ERR_SESSION_HEADERS_SENT',
        message:
          `Cannot ${what} the session: the response headers, and the cookie with them, have left. ` +
          'Do it before you answer.',
      });
      expect(session.data).toStrictEqual({ a: 1 });
    }
  });

  it('can still be read', () => {
    const { session, response } = openSession({ a: 1 });
    response.end();
    expect([session.get('a'), session.isNew]).toStrictEqual([1, false]);
  });
});
