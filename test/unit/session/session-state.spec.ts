import { describe, expect, it } from '@jest/globals';
import type { SessionState } from '../../../lib/session/session-state.js';
import { CLAIMS, NOW } from '../../support/open-session.js';
import { afterJunk, fresh, loaded } from './support/states.js';

describe('SessionState', () => {
  it('takes id and times from the claims that came', () => {
    const state = loaded({ a: 1 }, { ttl: 60 });
    expect(state).toMatchObject({ isNew: false, isModified: false, id: CLAIMS.jti, createdAt: NOW - 600, ttl: 60 });
  });

  it.each([
    ['no cookie came', fresh],
    ['no valid cookie came', afterJunk],
  ])('is new where %s', (_, make) => {
    const state = make();
    expect(state).toMatchObject({ isNew: true, isModified: false, createdAt: NOW, ttl: undefined });
    expect(state.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(Buffer.from(state.id, 'base64url')).toHaveLength(16);
    expect(state.id).toBe(state.id);
    expect(state.id).not.toBe(make().id);
  });

  it('is new after regenerate() of a session that came', () => {
    const state = loaded({ a: 1, b: 2 }, { ttl: 60 });
    state.renew([]);
    expect(state.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(state.id).not.toBe(CLAIMS.jti);
    expect(state).toMatchObject({ isNew: false, isModified: true, createdAt: NOW, ttl: undefined });
    expect(state.data.values).toStrictEqual({});
  });

  it.each<[string, (state: SessionState) => void, object]>([
    ['is as old as the values that it keeps', (state) => state.renew(['b']), { createdAt: NOW - 600 }],
    ['is new where there is no value to keep', (state) => state.renew(['c']), { createdAt: NOW }],
    ['is new where that is asked for', (state) => state.renew(['b'], true), { createdAt: NOW }],
    ['is as old as it was where that is asked for', (state) => state.renew([], false), { createdAt: NOW - 600 }],
  ])('after regenerate() %s', (_, renew, expected) => {
    const state = loaded({ a: 1, b: 2 }, { ttl: 60 });
    renew(state);
    expect(state).toMatchObject({ isModified: true, ttl: undefined, ...expected });
    expect(state.id).not.toBe(CLAIMS.jti);
  });

  it('is modified by another lifetime, as long as it differs', () => {
    const state = loaded({ a: 1 }, { ttl: 60 });
    state.ttl = 61;
    expect(state.isModified).toBe(true);
    state.ttl = 60;
    expect(state.isModified).toBe(false);
    state.ttl = undefined;
    expect(state.isModified).toBe(true);
  });

  it('rolls id, times and lifetime back', () => {
    const state = loaded({ a: 1 }, { ttl: 60 });
    state.renew([]);
    state.data.share()['b'] = 1;
    state.ttl = 5;
    state.rollback();
    expect(state).toMatchObject({ isModified: false, id: CLAIMS.jti, createdAt: NOW - 600, ttl: 60 });
    expect(state.data.values).toStrictEqual({ a: 1 });
  });

  it('keeps the id of a new session when it rolls back', () => {
    const state = fresh();
    const { id } = state;
    state.data.share()['b'] = 1;
    state.ttl = 5;
    state.rollback();
    expect(state).toMatchObject({ isModified: false, id, createdAt: NOW, ttl: undefined });
  });
});
