import { describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { JSON_FORMAT } from '../../../lib/data/data-format.js';
import { SessionError } from '../../../lib/session.errors.js';
import type { WriteReason } from '../../../lib/session/cookie-action.js';
import { SessionEvents } from '../../../lib/session/session-events.js';
import { SessionLog } from '../../../lib/session/session-log.js';
import type { SealedCookie } from '../../../lib/session/session-sealer.js';
import { SessionState } from '../../../lib/session/session-state.js';
import { exchangeWith } from '../../support/exchange.js';
import { CLAIMS, NOW } from '../../support/open-session.js';

const { request } = exchangeWith();
const NAMES = ['onCreate', 'onRenew', 'onDestroy', 'onSaveFailed'] as const;
const EXPIRES = { expiresAt: new Date(CLAIMS.exp * 1000) };

/** The first 16 characters of the SHA-256 of an id, as docs/events.md has it. */
function handleOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 16);
}

function eventOf(id: string): object {
  return { name: 'admin', handle: handleOf(id) };
}

function loaded(): SessionState {
  const session = { ok: true, claims: CLAIMS, data: { a: 1 }, stale: false, isShared: false } as const;
  return new SessionState({ hadCookie: true, session }, JSON_FORMAT, NOW);
}

function fresh(): SessionState {
  return new SessionState({ hadCookie: false, session: undefined }, JSON_FORMAT, NOW);
}

function written({ id }: SessionState, reason: WriteReason): SealedCookie {
  return { lines: ['a=b'], written: { claims: { ...CLAIMS, jti: id }, text: '' }, reason };
}

const DELETED: SealedCookie = { lines: ['a='], reason: 'deleted' };

type Told = readonly [hook: (typeof NAMES)[number], event: object];

/** What the hooks of an application are told, in order. */
function toldBy(act: (events: SessionEvents) => void): Told[] {
  const told: Told[] = [];
  const hooks = Object.fromEntries(
    NAMES.map((name) => [
      name,
      (event: object, of: unknown) => {
        expect(of).toBe(request);
        told.push([name, event]);
      },
    ]),
  );
  const log = new SessionLog('test');
  const error = jest.spyOn(log, 'error').mockReturnValue();
  const events = SessionEvents.of('admin', hooks, log);
  if (events === undefined) throw new Error('There are hooks, and no events.');
  act(events);
  // What fails while a hook is called is logged as a mistake of the hook.
  expect(error).not.toHaveBeenCalled();
  return told;
}

const sent = (state: SessionState, cookie: SealedCookie) => toldBy((events) => events.sent(state, cookie, request));

describe('SessionEvents', () => {
  it('are none where the application has no hook', () => {
    const log = new SessionLog('test');
    expect(SessionEvents.of('admin', {}, log)).toBeUndefined();
    expect(SessionEvents.of('admin', { onCreate: undefined, onRenew: undefined }, log)).toBeUndefined();
  });

  it('tell of a new session', () => {
    const state = fresh();
    expect(sent(state, written(state, 'changed'))).toEqual([['onCreate', { ...eventOf(state.id), ...EXPIRES }]]);
  });

  it('tell nothing of a change alone, nor where no cookie was sent', () => {
    const [state, ended] = [loaded(), loaded()];
    ended.destroy();
    expect(sent(state, written(state, 'changed'))).toEqual([]);
    expect(sent(state, { lines: [] })).toEqual([]);
    expect(sent(ended, { lines: [] })).toEqual([]);
  });

  it.each(['lifetime', 'touched', 'rolling', 'reissued'] as const)('tell why a session goes on: %s', (reason) => {
    const state = loaded();
    expect(sent(state, written(state, reason))).toEqual([['onRenew', { ...eventOf(CLAIMS.jti), reason, ...EXPIRES }]]);
  });

  it('tell under which handle a session came that has another id now', () => {
    const state = loaded();
    state.renew(['a']);
    const event = { ...eventOf(state.id), reason: 'regenerated', previousHandle: handleOf(CLAIMS.jti), ...EXPIRES };
    expect(sent(state, written(state, 'changed'))).toEqual([['onRenew', event]]);
  });

  it('tell the end of a session that was destroyed', () => {
    const state = loaded();
    state.destroy();
    expect(sent(state, DELETED)).toEqual([['onDestroy', { ...eventOf(CLAIMS.jti), reason: 'destroyed' }]]);
  });

  it('tell the end of a session that was emptied', () => {
    expect(sent(loaded(), DELETED)).toEqual([['onDestroy', { ...eventOf(CLAIMS.jti), reason: 'emptied' }]]);
  });

  it('tell the end of a session and the begin of the one after it, in this order', () => {
    const state = loaded();
    state.destroy();
    state.data.share()['b'] = 2;
    expect(sent(state, written(state, 'changed'))).toEqual([
      ['onDestroy', { ...eventOf(CLAIMS.jti), reason: 'destroyed' }],
      ['onCreate', { ...eventOf(state.id), ...EXPIRES }],
    ]);
  });

  it('tell nothing where the cookie is deleted of a session that was not there', () => {
    const state = fresh();
    state.destroy();
    expect(sent(state, DELETED)).toEqual([]);
  });

  it('tell why a session was not saved: by the code of the error, where it has one', () => {
    const state = loaded();
    const error = new SessionError('ERR_SESSION_TOO_LARGE', 'too large');
    const failed = (each: unknown) => toldBy((events) => events.saveFailed(state, each, request));
    expect(failed(error)).toEqual([['onSaveFailed', { ...eventOf(CLAIMS.jti), code: 'ERR_SESSION_TOO_LARGE' }]]);
    expect(failed(Object.assign(new Error('other'), { code: 'EIO' }))).toEqual([
      ['onSaveFailed', { ...eventOf(CLAIMS.jti), code: undefined }],
    ]);
  });

  it('name a session that was not saved by the id that it came with, or else by its own', () => {
    const [renewed, begun] = [loaded(), fresh()];
    renewed.renew(['a']);
    const handles = [renewed, begun].flatMap((state) =>
      toldBy((events) => events.saveFailed(state, new Error('full'), request)),
    );
    expect(handles).toMatchObject([
      ['onSaveFailed', { handle: handleOf(CLAIMS.jti) }],
      ['onSaveFailed', { handle: handleOf(begun.id) }],
    ]);
  });

  it('call no hook that the application does not have', () => {
    const log = new SessionLog('test');
    const error = jest.spyOn(log, 'error').mockReturnValue();
    const events = new SessionEvents('admin', {}, log);
    const [ended, begun, renewed] = [loaded(), fresh(), loaded()];
    ended.destroy();
    events.sent(ended, DELETED, request);
    events.sent(begun, written(begun, 'changed'), request);
    events.sent(renewed, written(renewed, 'touched'), request);
    events.saveFailed(renewed, new Error('full'), request);
    // A call of what is no function would be logged.
    expect(error).not.toHaveBeenCalled();
  });

  it.each([
    [
      'onCreate',
      'a new session',
      (events: SessionEvents) => events.sent(fresh(), written(fresh(), 'changed'), request),
    ],
    [
      'onRenew',
      'a renewed session',
      (events: SessionEvents) => events.sent(loaded(), written(loaded(), 'touched'), request),
    ],
    ['onDestroy', 'the end of a session', (events: SessionEvents) => events.sent(loaded(), DELETED, request)],
    [
      'onSaveFailed',
      'a session that was not saved',
      (events: SessionEvents) => events.saveFailed(loaded(), new Error('full'), request),
    ],
  ])('log that %s threw, and go on', (name, subject, act) => {
    const log = new SessionLog('test');
    const error = jest.spyOn(log, 'error').mockReturnValue();
    const events = SessionEvents.of('admin', { [name]: raise }, log);
    if (events !== undefined) act(events);
    expect(error.mock.calls).toEqual([[`Cannot report ${subject}: ${name} threw. Let it catch its own errors.`]]);
  });
});

function raise(): never {
  throw new Error('a value that no log may hold');
}
