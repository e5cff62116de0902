import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inspect } from 'node:util';
import { Script } from 'node:vm';
import type { SessionError } from '../../../lib/session.errors.js';
import { SessionService } from '../../../lib/session/session.service.js';
import { fakeSession } from '../../../lib/testing/fake-session.js';
import { errorOf, thrownBy } from '../../support/errors.js';
import { managerWith, NOW, openSession } from '../../support/open-session.js';

beforeAll(() => void jest.useFakeTimers({ now: NOW * 1000 }));
afterAll(() => void jest.useRealTimers());

/** Assigns as strict code does, and as sloppy code does, which CommonJS may be. */
const assigners: readonly [string, (session: object, key: string, value: unknown) => void][] = [
  [
    'strict',
    (session, key, value) => {
      (session as Record<string, unknown>)[key] = value;
    },
  ],
  ['sloppy', new Script('(session, key, value) => { session[key] = value; }').runInThisContext() as never],
];

const MEMBERS = Object.entries(Object.getOwnPropertyDescriptors(SessionService.prototype)).filter(
  ([name]) => name !== 'constructor',
);
const METHODS = MEMBERS.filter(([, member]) => typeof member.value === 'function').map(([name]) => name);
const READ_ONLY = MEMBERS.filter(([name, member]) => member.get !== undefined && name !== 'maxAge').map(
  ([name]) => name,
);

describe.each(assigners)('An assignment to the session, in %s code', (_, assign) => {
  it.each(['user', 'id ', 'toString', '__proto__', 'constructor ', ...READ_ONLY.filter((key) => key !== 'data')])(
    'says what to write instead, for %s',
    (key) => {
      const { session, send } = openSession();
      expect(errorOf(() => assign(session, key, 'VALUE'))).toStrictEqual({
        code: 'ERR_SESSION_MISUSED',
        message: `Cannot set the property "${key}" of the session: it would not be saved. Write session.set("${key}", value).`,
      });
      expect(send()).toStrictEqual([]);
    },
  );

  it('says what to write instead, for data', () => {
    const { session } = openSession({ user: 'ada' });
    expect(errorOf(() => assign(session, 'data', {}))).toStrictEqual({
      code: 'ERR_SESSION_MISUSED',
      message:
        'Cannot replace session.data: it is the live object that will be saved. Write session.update({ … }), after ' +
        'session.clear() if the other values are to go.',
    });
    expect(session.data).toStrictEqual({ user: 'ada' });
  });

  it('quotes the key', () => {
    const { message } = errorOf(() => assign(openSession().session, 'x\n[Nest] forged\u001b[2J', 1));
    expect(message).toContain(String.raw`"x\n[Nest] forged\u001b[2J"`);
  });

  it('lets maxAge pass, which can be set', () => {
    const { session } = openSession();
    assign(session, 'maxAge', 60);
    expect(session.maxAge).toBe(60);
  });
});

describe('The object of the session', () => {
  it('can be spied on in a test', () => {
    const session = fakeSession({ user: 'ada' });
    const spy = jest.spyOn(session, 'get').mockReturnValue('bob');
    expect(session.get('user')).toBe('bob');
    expect(spy).toHaveBeenCalledTimes(1);
    spy.mockRestore();
    expect(session.get('user')).toBe('ada');
  });

  it('has what every object has, and symbols may be set on it', async () => {
    const { session } = openSession();
    const mark = Symbol('mark');
    (session as unknown as Record<symbol, unknown>)[mark] = 1;
    expect(Reflect.get(session, mark)).toBe(1);
    expect(Object.prototype.toString.call(session)).toBe('[object Object]');
    expect(session).toBeInstanceOf(Object);
    expect(session).toBeInstanceOf(SessionService);
    expect(await Promise.resolve(session)).toBe(session);
    expect(Reflect.get(session, 'user')).toBeUndefined();
    expect('user' in session).toBe(false);
    expect(Reflect.ownKeys(session)).toStrictEqual([mark]);
  });
});

describe('A member that was taken from the session', () => {
  it.each(METHODS)('%s() says what to write instead', (name) => {
    const taken = Reflect.get(openSession({ user: 'ada' }).session, name) as (...args: unknown[]) => unknown;
    for (const self of [undefined, null, 1, {}, [], Object.create(SessionService.prototype) as object]) {
      expect(errorOf(() => taken.call(self, 'user', 1))).toStrictEqual({
        code: 'ERR_SESSION_MISUSED',
        message:
          'Cannot use a member of the session: it was taken from its object. Write session.get(key), not ' +
          'const { get } = session.',
      });
    }
  });

  it('can be an accessor: its value is taken', () => {
    const { data, isNew, size } = openSession({ user: 'ada' }).session;
    expect([data, isNew, size]).toStrictEqual([{ user: 'ada' }, false, 1]);
  });
});

describe('A session where there is no request', () => {
  it.each(MEMBERS.map(([name]) => name))('throws when %s is used, at that line', (name) => {
    const error = thrownBy(() => managerWith().open({})) as SessionError;
    const session = SessionService.withoutRequest(error);
    const thrown = thrownBy(() => {
      const member = Reflect.get(session, name) as unknown;
      if (typeof member === 'function') Reflect.apply(member, session, name === 'update' ? [{}] : ['user', 1]);
    });
    expect(thrown).toMatchObject({ code: error.code, message: error.message });
    expect(thrown).not.toBe(error);
    expect(() => (session.maxAge = 1)).toThrow(error.message);
  });
});

describe('util.inspect', () => {
  it('says that there is no request, and throws nothing', () => {
    const session = SessionService.withoutRequest(thrownBy(() => managerWith().open({})) as SessionError);
    expect(inspect(session)).toBe("SessionService { state: 'no request' }");
  });

  it('shows nothing of what only inherits from a session', () => {
    const { session } = openSession({ user: 'ada' });
    expect(inspect(Object.create(session))).toBe('SessionService {}');
    expect(inspect(SessionService.prototype)).not.toContain('ada');
  });
});
