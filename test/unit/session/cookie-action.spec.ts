import { describe, expect, it } from '@jest/globals';
import { Lifetime, type LifetimeOptions } from '../../../lib/codec/lifetime.js';
import { cookieActionOf, expiryOf } from '../../../lib/session/cookie-action.js';
import type { SessionState } from '../../../lib/session/session-state.js';
import { errorOf } from '../../support/errors.js';
import { CLAIMS, NOW } from '../../support/open-session.js';
import { afterJunk, fresh, loaded } from './support/states.js';

function lifetime(options: Partial<LifetimeOptions> = {}): Lifetime {
  return new Lifetime({ maxAge: 2000, absoluteMaxAge: undefined, rolling: false, ...options });
}

const a1 = () => loaded({ a: 1 });
const empty = () => loaded({});
const stale = () => loaded({ a: 1 }, {}, true);

type Change = (state: SessionState) => unknown;
const set: Change = (state) => (state.data.share()['b'] = 1);
const clear: Change = (state) => state.data.clear();
const touch: Change = (state) => state.touch();
const destroy: Change = (state) => state.destroy();
const rollback: Change = (state) => state.rollback();
const regenerate: Change = (state) => state.renew([]);

describe('cookieActionOf', () => {
  it.each<[string, () => SessionState, Change[], string]>([
    ['nothing came, nothing happened', fresh, [], 'keep'],
    ['nothing came, set', fresh, [set], 'write'],
    ['nothing came, set and cleared', fresh, [set, clear], 'keep'],
    ['nothing came, touched', fresh, [touch], 'keep'],
    ['nothing came, touched and set', fresh, [touch, set], 'write'],
    ['nothing came, regenerated', fresh, [regenerate], 'keep'],
    ['nothing came, destroyed', fresh, [destroy], 'keep'],
    ['nothing came, destroyed and set', fresh, [destroy, set], 'write'],
    ['nothing came, lifetime given', fresh, [(state) => (state.ttl = 5)], 'keep'],
    ['junk came, nothing happened', afterJunk, [], 'keep'],
    ['junk came, set', afterJunk, [set], 'write'],
    ['junk came, set and cleared', afterJunk, [set, clear], 'keep'],
    ['junk came, destroyed', afterJunk, [destroy], 'delete'],
    ['junk came, destroyed and rolled back', afterJunk, [destroy, rollback], 'keep'],
    ['a session came, nothing happened', a1, [], 'keep'],
    ['a session came, set', a1, [set], 'write'],
    ['a session came, set and rolled back', a1, [set, rollback], 'keep'],
    ['a session came, cleared', a1, [clear], 'delete'],
    ['a session came, cleared and set', a1, [clear, set], 'write'],
    ['a session came, touched', a1, [touch], 'write'],
    ['a session came, touched and rolled back', a1, [touch, rollback], 'keep'],
    ['a session came, regenerated', a1, [regenerate], 'delete'],
    ['a session came, regenerated and set', a1, [regenerate, set], 'write'],
    ['a session came, regenerated with what it had', a1, [(state) => state.renew(['a'])], 'write'],
    ['a session came, lifetime given', a1, [(state) => (state.ttl = 5)], 'write'],
    ['a session came, destroyed', a1, [destroy], 'delete'],
    ['a session came, destroyed and set', a1, [destroy, set], 'write'],
    ['a session came, destroyed, set and cleared', a1, [destroy, set, clear], 'delete'],
    [
      'a session came, destroyed and set to what came',
      a1,
      [destroy, (state) => (state.data.share()['a'] = 1)],
      'write',
    ],
    ['a session came, destroyed and rolled back', a1, [destroy, rollback], 'keep'],
    ['an empty session came, nothing happened', empty, [], 'keep'],
    ['an empty session came, cleared', empty, [clear], 'keep'],
    ['an empty session came, set', empty, [set], 'write'],
    ['an empty session came, destroyed', empty, [destroy], 'delete'],
    ['a stale session came, nothing happened', stale, [], 'write'],
    ['a stale session came, set and rolled back', stale, [set, rollback], 'keep'],
    ['a stale session came, rolled back', stale, [rollback], 'keep'],
    ['a stale session came, rolled back and set', stale, [rollback, set], 'write'],
    ['a stale session came, rolled back and touched', stale, [rollback, touch], 'write'],
    ['a stale session came, touched', stale, [touch], 'write'],
    ['a stale session came, cleared', stale, [clear], 'delete'],
  ])('%s', (_, make, changes, action) => {
    const state = make();
    for (const change of changes) change(state);
    expect(cookieActionOf(state, lifetime(), NOW).action).toBe(action);
    expect(cookieActionOf(state, lifetime(), NOW).action).toBe(action);
  });

  it('writes id, times and data', () => {
    const state = loaded({ a: 1 });
    set(state);
    expect(cookieActionOf(state, lifetime(), NOW + 5)).toStrictEqual({
      action: 'write',
      claims: { jti: CLAIMS.jti, iat: NOW - 600, exp: NOW + 2005, ttl: undefined },
      text: '{"a":1,"b":1}',
      reason: 'changed',
    });
  });

  it("writes the session's own lifetime", () => {
    const state = loaded({ a: 1 }, { ttl: 60 });
    touch(state);
    expect(cookieActionOf(state, lifetime(), NOW)).toStrictEqual({
      action: 'write',
      claims: { jti: CLAIMS.jti, iat: NOW - 600, exp: NOW + 60, ttl: 60 },
      text: '{"a":1}',
      reason: 'touched',
    });
  });

  it('writes a stale session for the time that it has left', () => {
    expect(cookieActionOf(stale(), lifetime(), NOW)).toStrictEqual({
      action: 'write',
      claims: CLAIMS,
      text: '{"a":1}',
      reason: 'reissued',
    });
  });

  it('writes a stale session afresh where it was changed', () => {
    const state = stale();
    set(state);
    expect(cookieActionOf(state, lifetime(), NOW)).toMatchObject({ claims: { exp: NOW + 2000 } });
  });

  it('writes an active session afresh where it is rolling and due', () => {
    const rolling = lifetime({ rolling: true });
    expect(cookieActionOf(loaded({ a: 1 }, { exp: NOW + 1801 }), rolling, NOW).action).toBe('keep');
    const outcome = cookieActionOf(loaded({ a: 1 }, { exp: NOW + 1800 }), rolling, NOW);
    expect(outcome).toMatchObject({ action: 'write', claims: { jti: CLAIMS.jti, exp: NOW + 2000 } });
  });

  it('complains of a value that JSON cannot carry', () => {
    const state = loaded({ a: 1 });
    state.data.share()['b'] = 1n;
    expect(errorOf(() => cookieActionOf(state, lifetime(), NOW)).code).toBe('ERR_SESSION_NOT_SERIALIZABLE');
  });
});

describe('expiryOf', () => {
  it.each<[string, () => SessionState, Change[], Partial<LifetimeOptions>, number]>([
    ['as the cookie says where nothing happened', () => loaded({ a: 1 }), [], {}, NOW + 1000],
    ['as the cookie says after a rollback', () => loaded({ a: 1 }), [set, touch, rollback], {}, NOW + 1000],
    ['as the cookie says after a rollback, also where it is due', a1, [rollback], { rolling: true }, NOW + 1000],
    ['fresh after a rollback and a change', a1, [rollback, set], { rolling: true }, NOW + 2000],
    ['fresh after a change', () => loaded({ a: 1 }), [set], {}, NOW + 2000],
    ['fresh after touch()', () => loaded({ a: 1 }), [touch], {}, NOW + 2000],
    ['fresh where it is rolling and due', () => loaded({ a: 1 }), [], { rolling: true }, NOW + 2000],
    [
      'as the cookie says where it is not due',
      () => loaded({ a: 1 }, { exp: NOW + 1801 }),
      [],
      { rolling: true },
      NOW + 1801,
    ],
    ['as the cookie says where it is stale', () => loaded({ a: 1 }, {}, true), [], {}, NOW + 1000],
    ['fresh for a new session', fresh, [], {}, NOW + 2000],
    ["by the session's own lifetime", fresh, [(state) => (state.ttl = 5)], {}, NOW + 5],
    ['by absoluteMaxAge since creation', () => loaded({ a: 1 }), [set], { absoluteMaxAge: 700 }, NOW + 100],
    [
      'by absoluteMaxAge since regenerate()',
      () => loaded({ a: 1 }),
      [regenerate, set],
      { absoluteMaxAge: 700 },
      NOW + 700,
    ],
  ])('is %s', (_, make, changes, options, expected) => {
    const state = make();
    for (const change of changes) change(state);
    expect(expiryOf(state, lifetime(options), NOW)).toBe(expected);
  });
});
