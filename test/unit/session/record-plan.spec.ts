import { describe, expect, it } from '@jest/globals';
import { Lifetime } from '../../../lib/codec/lifetime.js';
import type { SessionClaims } from '../../../lib/codec/session-codec.js';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import type { KnownRecord } from '../../../lib/session/record-command.js';
import { planRecord, type RecordHistory, type RecordPlan, type RecordRules } from '../../../lib/session/record-plan.js';
import type { OwnTimes } from '../../../lib/session/record.js';
import { SessionState } from '../../../lib/session/session-state.js';
import { CLAIMS, NOW } from '../../support/open-session.js';
import { fresh } from './support/states.js';

const { jti } = CLAIMS;
const MAX_AGE = 2000;
/** A tenth of the lifetime has not passed since this cookie was issued. */
const RECENT = { exp: NOW + MAX_AGE - 199 };
/** It has passed, to the second. */
const DUE = { exp: NOW + MAX_AGE - 200 };
const KEPT = { action: 'keep' };
const NO_TIMES: OwnTimes = { ttl: undefined, abs: undefined };

/** A session that came in a cookie: without its data by default, because the store has it. */
function loaded(
  claims: Partial<SessionClaims> = RECENT,
  { stale = false, isPointer = true, format = JSON_FORMAT } = {},
): SessionState {
  const sealed = { claims: { ...CLAIMS, ...claims }, data: { a: 1 }, stale, isPointer };
  return new SessionState({ hadCookie: true, session: { ok: true, isShared: false, ...sealed } }, format, NOW);
}

function known(text = '{"a":1}', times = NO_TIMES, id = jti): KnownRecord {
  const record = { text, version: 1, createdAt: NOW - 600, seenAt: NOW - 600, expiresAt: NOW + 1000 };
  return { id, rk: undefined, record, text, times, isMerged: false };
}

function plan(
  state: SessionState,
  history: Partial<RecordHistory> = { known: known() },
  rules: Partial<RecordRules> = {},
): RecordPlan {
  const flags = { isWritten: false, wasExtended: false };
  const nothing = { known: undefined, adoptedId: undefined, goneId: undefined, lost: undefined, ...flags };
  const usual = { lifetime: new Lifetime({ maxAge: MAX_AGE, rolling: false }), isDataInCookie: false };
  return planRecord(state, { ...nothing, ...history }, { ...usual, needsRecord: () => true, ...rules }, NOW);
}

/** A plan that asks the store for nothing. */
function withCookie(cookie: object): object {
  return { command: undefined, cookie };
}

/** A cookie that says which session it is, and has no data. */
function pointer(claims: object, reason: string): object {
  return { action: 'write', claims: expect.objectContaining({ jti, st: 1, ...claims }), text: '', reason };
}

/** A cookie that has the data as well. */
function full(claims: object, text: string, reason: string): object {
  return { ...pointer(claims, reason), text };
}

function change(state: SessionState): SessionState {
  state.data.share()['b'] = 2;
  return state;
}

function changed(...args: Parameters<typeof loaded>): SessionState {
  return change(loaded(...args));
}

function renewed(keep: readonly string[] = []): SessionState {
  const state = loaded();
  state.renew(keep);
  return state;
}

function touched(): SessionState {
  const state = loaded();
  state.touch();
  return state;
}

const CHANGED_TEXT = '{"a":1,"b":2}';

describe('planRecord()', () => {
  it('asks nothing and keeps the cookie for a session that is not used', () => {
    expect(plan(loaded())).toEqual(withCookie(KEPT));
    expect(plan(loaded(DUE))).toEqual(withCookie(KEPT));
    expect(plan(fresh(), {})).toEqual(withCookie(KEPT));
  });

  it('creates a new session, with a cookie that has no data', () => {
    const state = change(fresh());
    const claims = { jti: state.id, iat: NOW, exp: NOW + MAX_AGE, ttl: undefined };
    expect(plan(state, {})).toEqual({
      command: { kind: 'create', claims, text: '{"b":2}', hasKept: false, keptKeys: undefined },
      cookie: { action: 'write', claims: { ...claims, st: 1 }, text: '', reason: 'changed' },
    });
  });

  describe('for a change', () => {
    const save = { kind: 'save', text: CHANGED_TEXT, times: NO_TIMES };

    it('saves, and keeps cookie and end until a tenth of the lifetime has passed', () => {
      expect(plan(changed(RECENT))).toEqual({ command: { ...save, isExtended: false }, cookie: KEPT });
    });

    it('saves, and counts the end anew in both, once it has', () => {
      const cookie = pointer({ exp: NOW + MAX_AGE }, 'changed');
      expect(plan(changed(DUE))).toEqual({ command: { ...save, isExtended: true }, cookie });
    });

    it('issues the cookie anew for the same time where an older secret signed it', () => {
      const cookie = pointer(RECENT, 'changed');
      expect(plan(changed(RECENT, { stale: true }))).toEqual({ command: { ...save, isExtended: false }, cookie });
    });

    it('saves the lifetime that the session has of its own along with it', () => {
      const times = { ttl: 500, abs: 5000 };
      expect(plan(changed({ ...times, exp: NOW + 499 }), { known: known('{"a":1}', times) })).toEqual({
        command: { ...save, times, isExtended: false },
        cookie: KEPT,
      });
    });

    it('saves again where the data is other than what this request has saved, and not where it is the same', () => {
      const again = plan(changed(), { known: known('{"a":1,"b":1}'), isWritten: true });
      expect(again).toEqual({ command: { ...save, isExtended: false }, cookie: KEPT });
      expect(plan(changed(), { known: known(CHANGED_TEXT), isWritten: true })).toEqual({});
    });
  });

  it.each<[string, () => SessionState]>([
    ['a new one', fresh],
    ['another one after regenerate()', renewed],
  ])('saves a session that this request has created and changes again, with its cookie: %s', (_, make) => {
    const state = change(make());
    const { command, cookie } = plan(state, { known: known('{}', NO_TIMES, state.id), isWritten: true });
    expect(command).toEqual({ kind: 'save', text: '{"b":2}', times: NO_TIMES, isExtended: true });
    expect(cookie).toEqual(pointer({ jti: state.id, exp: NOW + MAX_AGE }, 'changed'));
  });

  describe('for another lifetime', () => {
    it.each([
      ['maxAge', { ttl: 60, abs: undefined }, 60],
      ['absoluteMaxAge', { ttl: undefined, abs: 700 }, 100],
    ])('saves it and sends a cookie: %s', (_, times, seconds) => {
      expect(plan(Object.assign(loaded(), times))).toEqual({
        command: { kind: 'save', text: '{"a":1}', times, isExtended: true },
        cookie: pointer({ exp: NOW + seconds }, 'lifetime'),
      });
    });

    it('saves it where this request has saved the data before, and not where it has saved both', () => {
      const state = Object.assign(changed(), { ttl: 60 });
      const times = { ttl: 60, abs: undefined };
      expect(plan(state, { known: known(CHANGED_TEXT), isWritten: true }).command).toEqual({
        kind: 'save',
        text: CHANGED_TEXT,
        times,
        isExtended: true,
      });
      expect(plan(state, { known: known(CHANGED_TEXT, times), isWritten: true })).toEqual({});
    });
  });

  describe('for an extension', () => {
    const touch = { kind: 'touch', expiresAt: NOW + MAX_AGE };

    it('touches the record and sends a cookie, at any time where the application asks', () => {
      expect(plan(touched())).toEqual({ command: touch, cookie: pointer({ exp: NOW + MAX_AGE }, 'touched') });
    });

    it('touches the record and sends a cookie, once a tenth of the lifetime has passed, where it rolls', () => {
      const rolling = { lifetime: new Lifetime({ maxAge: MAX_AGE, rolling: true }) };
      const cookie = pointer({ exp: NOW + MAX_AGE }, 'rolling');
      expect(plan(loaded(DUE), { known: known() }, rolling)).toEqual({ command: touch, cookie });
      expect(plan(loaded(RECENT), { known: known() }, rolling)).toEqual(withCookie(KEPT));
    });

    it('does nothing more where this request has extended the record before', () => {
      expect(plan(touched(), { known: known(), wasExtended: true })).toEqual({});
    });

    it('touches a record that this request has saved without an extension', () => {
      const cookie = pointer({ exp: NOW + MAX_AGE }, 'touched');
      expect(plan(touched(), { known: known(), isWritten: true })).toEqual({ command: touch, cookie });
    });

    it('extends the record by its save, and sends a cookie, where the data has changed as well', () => {
      const state = change(touched());
      const command = { kind: 'save', text: CHANGED_TEXT, times: NO_TIMES, isExtended: true };
      expect(plan(state)).toEqual({ command, cookie: pointer({ exp: NOW + MAX_AGE }, 'changed') });
    });

    it('leaves a cookie that cannot be renewed to be kept back', () => {
      const state = loaded(DUE, { format: { ...JSON_FORMAT, write: fail } });
      const rolling = { lifetime: new Lifetime({ maxAge: MAX_AGE, rolling: true }) };
      expect(plan(state, { known: known(), isWritten: true }, rolling)).toEqual(withCookie({ action: 'keep-back' }));
    });
  });

  describe('for a cookie that an older secret signed', () => {
    it('issues it anew for the time that it has left, and leaves the record alone', () => {
      expect(plan(loaded(RECENT, { stale: true }))).toEqual(withCookie(pointer(RECENT, 'reissued')));
    });

    it('does nothing more where this request has saved the record before', () => {
      expect(plan(loaded(RECENT, { stale: true }), { known: known(), isWritten: true })).toEqual({});
    });
  });

  describe('for regenerate()', () => {
    it.each([
      ['no value', [], '{"b":2}', false],
      ['values', ['a'], '{"a":1,"b":2}', true],
    ])('creates another session, and says whether it has values of the old one: %s', (_, keep, text, hasKept) => {
      const state = change(renewed(keep));
      const { command, cookie } = plan(state);
      const claims = expect.objectContaining({ jti: state.id });
      expect(state.id).not.toBe(jti);
      expect(command).toEqual({ kind: 'create', claims, text, hasKept, keptKeys: keep });
      expect(cookie).toEqual(pointer({ jti: state.id, exp: NOW + MAX_AGE }, 'changed'));
    });
  });

  describe('for the end of the session', () => {
    it('deletes record and cookie of a session that was destroyed', () => {
      const state = loaded();
      state.destroy();
      expect(plan(state)).toMatchObject({ command: { kind: 'delete', hasKept: false }, cookie: { action: 'delete' } });
    });

    it('deletes the cookie of a session that was emptied, and its record unless another request has saved something', () => {
      const state = loaded();
      state.data.clear();
      expect(plan(state)).toEqual({ command: { kind: 'empty', text: '{}' }, cookie: { action: 'delete' } });
    });

    it('deletes the cookie only where there is no record', () => {
      const state = loaded();
      state.destroy();
      expect(plan(state, {})).toEqual(withCookie({ action: 'delete' }));
    });
  });

  describe('where another request has ended the session meanwhile', () => {
    it('brings nothing back: neither what was changed nor another session with its values', () => {
      expect(plan(changed(DUE), { goneId: jti })).toEqual(withCookie(KEPT));
      expect(plan(renewed(['a']), { goneId: jti })).toEqual(withCookie(KEPT));
    });

    it('creates another session that has nothing of it', () => {
      expect(plan(change(renewed()), { goneId: jti }).command).toMatchObject({ kind: 'create', text: '{"b":2}' });
    });
  });

  describe('where the application takes back what this request has saved', () => {
    it('deletes a session that was new, and keeps its cookie as it was', () => {
      const state = change(fresh());
      state.rollback();
      expect(plan(state, { known: known('{"b":2}', NO_TIMES, state.id), isWritten: true })).toMatchObject({
        command: { kind: 'delete', hasKept: false },
        cookie: KEPT,
      });
    });

    it('saves the data and the lifetime that came', () => {
      const state = Object.assign(changed({ ...RECENT, ttl: 1900 }), { ttl: 60 });
      state.rollback();
      const times = { ttl: 1900, abs: undefined };
      const save = { kind: 'save', text: '{"a":1}', times };
      expect(plan(state, { known: known(CHANGED_TEXT, times), isWritten: true })).toEqual({
        command: { ...save, isExtended: false },
        cookie: KEPT,
      });
      // The end that the other lifetime has given goes with it.
      for (const text of [CHANGED_TEXT, '{"a":1}']) {
        const history = { known: known(text, { ...times, ttl: 60 }), isWritten: true };
        expect(plan(state, history)).toEqual({ command: { ...save, isExtended: true }, cookie: KEPT });
      }
    });

    it('does nothing where the store has them again, and keeps the cookie where it was not written or is gone', () => {
      expect(plan(loaded(), { known: known(), isWritten: true })).toEqual({});
      expect(plan(loaded(), { known: known(CHANGED_TEXT) })).toEqual(withCookie(KEPT));
      expect(plan(loaded(), { isWritten: true })).toEqual(withCookie(KEPT));
    });

    it('keeps the cookie that came where it has the data, whatever an earlier save has decided', () => {
      const state = changed(RECENT, { isPointer: false });
      state.rollback();
      const history = { known: known(), isWritten: true };
      expect(plan(state, history, { isDataInCookie: true })).toEqual(withCookie(KEPT));
    });
  });
});

/** With `data: 'cookie'`: the record only says that the session lives. */
describe('planRecord(), after an attempt whose answer was lost', () => {
  const lost = { begunId: undefined };

  it('saves anew what may be saved already, and counts the end anew as well', () => {
    const state = loaded();
    state.touch();
    const command = { kind: 'save', text: '{"a":1}', times: NO_TIMES, isExtended: true };
    expect(plan(state, { known: known(), lost }).command).toEqual(command);
    expect(plan(state, { known: known(), isWritten: true, lost }).command).toEqual(command);
    expect(plan(changed(), { known: known(), lost })).toEqual({
      command: { ...command, text: CHANGED_TEXT },
      cookie: KEPT,
    });
  });

  it('empties a session once more', () => {
    const state = loaded();
    state.data.clear();
    const history = { known: known('{}'), isWritten: true };
    expect(plan(state, history)).toEqual({});
    expect(plan(state, { ...history, lost }).command).toEqual({ kind: 'empty', text: '{}' });
  });

  it('deletes a new session that may have been created, where nothing is left of it', () => {
    const state = fresh();
    const history = { lost: { begunId: state.id } };
    expect(plan(state, history)).toEqual({ command: { kind: 'delete', hasKept: false }, cookie: KEPT });
    state.rollback();
    expect(plan(state, history)).toEqual(withCookie(KEPT));
  });

  it('deletes it also where the session needs no record any more', () => {
    const command = { kind: 'delete', hasKept: false };
    const rules = { needsRecord: () => false };
    expect(plan(change(fresh()), { lost: { begunId: 'begun' } }, rules).command).toEqual(command);
  });
});

describe('planRecord(), where the cookie has the data', () => {
  const inCookie = { isDataInCookie: true };
  const withData = (claims: Partial<SessionClaims> = RECENT) => loaded(claims, { isPointer: false });
  const empty = (times = NO_TIMES): KnownRecord => {
    const { record, ...rest } = known('{"a":1}', times);
    return { ...rest, record: { ...record, text: '' } };
  };

  it('sends a change in the cookie, and leaves the record alone until a tenth of the lifetime has passed', () => {
    const cookie = full(RECENT, CHANGED_TEXT, 'changed');
    expect(plan(change(withData()), { known: empty() }, inCookie)).toEqual(withCookie(cookie));
  });

  it('touches the record once it has, and once a request', () => {
    const state = change(withData(DUE));
    const cookie = full({ exp: NOW + MAX_AGE }, CHANGED_TEXT, 'changed');
    const command = { kind: 'touch', expiresAt: NOW + MAX_AGE };
    expect(plan(state, { known: empty() }, inCookie)).toEqual({ command, cookie });
    expect(plan(state, { known: empty(), wasExtended: true }, inCookie)).toEqual(withCookie(cookie));
  });

  it('saves another lifetime, and not the one that the record has', () => {
    const times = { ttl: 60, abs: undefined };
    const state = Object.assign(withData(), times);
    const cookie = full({ exp: NOW + 60 }, '{"a":1}', 'lifetime');
    expect(plan(state, { known: empty() }, inCookie)).toEqual({
      command: { kind: 'save', text: '{"a":1}', times, isExtended: true },
      cookie,
    });
    expect(plan(state, { known: empty(times), isWritten: true, wasExtended: true }, inCookie)).toEqual(
      withCookie(cookie),
    );
  });

  it.each([
    ['from the record into the cookie', true, loaded, known, CHANGED_TEXT],
    ['from the cookie into the record', false, withData, empty, ''],
  ])('moves the data of a session that changes, after the option has: %s', (_, isDataInCookie, make, record, text) => {
    expect(plan(change(make(RECENT)), { known: record() }, { isDataInCookie })).toEqual({
      command: { kind: 'save', text: CHANGED_TEXT, times: NO_TIMES, isExtended: false },
      cookie: full(RECENT, text, 'changed'),
    });
  });
});

describe('planRecord(), where not every session needs a record', () => {
  const rules = { needsRecord: (text: string) => text.includes('"a"') };

  it('leaves a session that needs none in its cookie, which says nothing of a store', () => {
    const state = change(fresh());
    const claims = { jti: state.id, iat: NOW, exp: NOW + MAX_AGE, ttl: undefined };
    expect(plan(state, {}, rules)).toEqual(withCookie({ action: 'write', claims, text: '{"b":2}', reason: 'changed' }));
  });

  it('deletes the record of the session before it, and says whether it has values of that one', () => {
    const kept = loaded(RECENT);
    kept.data.share()['c'] = 3;
    kept.renew(['c']);
    expect(plan(kept, { known: known() }, rules).command).toEqual({ kind: 'delete', hasKept: true });
    expect(plan(change(renewed()), { known: known() }, rules).command).toEqual({ kind: 'delete', hasKept: false });
    expect(plan(change(renewed()), { adoptedId: jti }, rules).command).toEqual({ kind: 'delete', hasKept: false });
  });

  it('deletes the record of a session that is to be taken over, where it ends before', () => {
    const state = loaded();
    state.destroy();
    expect(plan(state, { adoptedId: jti }, rules)).toEqual({
      command: { kind: 'delete', hasKept: false },
      cookie: { action: 'delete' },
    });
  });

  it('creates the record of a session that needs one', () => {
    expect(plan(changed(), { adoptedId: jti }, rules).command).toMatchObject({ kind: 'create', text: CHANGED_TEXT });
  });
});

function fail(): never {
  throw new Error('cannot be written');
}
