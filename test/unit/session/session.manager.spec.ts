import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { SessionRejectReason } from '../../../lib/codec/session-codec.js';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { exchangeWith } from '../../support/exchange.js';
import { managerWith, NOW, openSession, tokenOf } from '../../support/open-session.js';
import { errorOf } from '../../support/errors.js';
import { OTHER_SECRET } from '../../support/secrets.js';

const lines: unknown[] = [];
const write = (line: unknown) => void lines.push(line);

beforeAll(() => {
  jest.useFakeTimers({ now: NOW * 1000 });
  Logger.overrideLogger({ log: write, error: write, warn: write, debug: write });
});
beforeEach(() => void lines.splice(0));
afterAll(() => {
  jest.useRealTimers();
  Logger.overrideLogger(false);
});

/** Opens a session with this Cookie header and says why cookies of it were not accepted. */
function openWith(cookie: string, options: Partial<SessionModuleOptions> = {}) {
  const reasons: SessionRejectReason[] = [];
  const { request, response } = exchangeWith(cookie);
  const manager = managerWith({ ...options, onReject: (reason) => reasons.push(reason) });
  const session = manager.open(request, response);
  return { user: session.get('user'), isNew: session.isNew, reasons };
}

describe('SessionManager, opening', () => {
  it('gives one session per request, in each way of asking', () => {
    const manager = managerWith();
    const { request, response } = exchangeWith();
    const session = manager.open(request, response);
    expect(manager.open(request)).toBe(session);
    expect(manager.open({ raw: request }, { raw: response })).toBe(session);
    expect(manager.open(exchangeWith().request)).not.toBe(session);
    expect(managerWith().open(request)).not.toBe(session);
  });

  it.each<[string, string, SessionRejectReason]>([
    ['junk', 'junk', 'malformed'],
    ['nothing', '', 'malformed'],
    ['a token of another secret', tokenOf({}, {}, OTHER_SECRET), 'unknown-key'],
    ['a changed token', `${tokenOf({})}A`, 'tampered'],
    ['a token that expired this second', tokenOf({}, { exp: NOW }), 'expired'],
    ['a token from the future', tokenOf({}, { iat: NOW + 61, exp: NOW + 99 }), 'future'],
    ['4097 characters', 'x'.repeat(4097), 'too-large'],
    ['4096 characters', 'x'.repeat(4096), 'malformed'],
  ])('begins anew with %s, and says why', (_, value, reason) => {
    expect(openWith(`session=${value}`)).toStrictEqual({ user: undefined, isNew: true, reasons: [reason] });
  });

  it('takes the valid one of four cookies that was issued last', () => {
    const [ada, bob] = [tokenOf({ user: 'ada' }, { exp: NOW + 1001 }), tokenOf({ user: 'bob' })];
    const first = openWith(`session=x; session=${ada}; session=y; session=${bob}`);
    expect(first).toStrictEqual({ user: 'ada', isNew: false, reasons: ['malformed'] });
    const fourth = openWith(`session=x; session=; session=.; session=${bob}`);
    expect(fourth).toStrictEqual({ user: 'bob', isNew: false, reasons: ['malformed'] });
    const fifth = openWith(`session=1; session=2; session=3; session=4; session=${ada}`);
    expect(fifth).toMatchObject({ isNew: true, reasons: ['malformed'] });
  });

  it('reads no cookie before the session is used, and none twice', () => {
    const onReject = jest.fn();
    const { request, response } = exchangeWith('session=junk');
    const session = managerWith({ onReject }).open(request, response);
    expect(onReject).not.toHaveBeenCalled();
    session.has('a');
    session.set('a', 1);
    expect(onReject.mock.calls).toStrictEqual([['malformed', request]]);
  });
});

describe('SessionManager, sending', () => {
  it('sends nothing for a session that was not touched', () => {
    const { send, response } = openSession({ a: 1 });
    expect(send()).toStrictEqual([]);
    expect(response.getHeaderNames()).toStrictEqual([]);
  });

  it.each<[string, Partial<SessionModuleOptions>, object, string]>([
    ['for maxAge', { maxAge: 60 }, {}, '; Max-Age=60; Path=/; HttpOnly; SameSite=Lax'],
    ['Secure over TLS', { maxAge: 60 }, { protocol: 'https' }, '; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax'],
    ['Secure if told so', { maxAge: 60, secure: true }, {}, '; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax'],
    [
      'insecure if told so',
      { secure: false, maxAge: 60 },
      { protocol: 'https' },
      '; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    ],
    ['until the browser closes', { expireOnBrowserClose: true }, {}, '; Path=/; HttpOnly; SameSite=Lax'],
  ])('sends a cookie %s', (_, options, properties, attributes) => {
    const { session, request, send } = openSession(undefined, {}, options);
    Object.assign(request, properties);
    session.set('a', 1);
    const [line = '', ...others] = send();
    expect(others).toStrictEqual([]);
    expect(line.replace(/^session=[\w-]+\.[\w-]+\.[\w-]+/, '')).toBe(attributes);
  });

  it('sends a Max-Age in spite of expireOnBrowserClose where the session has a lifetime of its own', () => {
    const { session, send } = openSession({ a: 1 }, {}, { expireOnBrowserClose: true });
    session.maxAge = 60;
    expect(send()[0]).toContain('; Max-Age=60; ');
  });

  it('sends the data as it is when the headers leave, sealed before or not', () => {
    const { session, manager, request, send } = openSession();
    session.set('a', 1);
    manager.seal(request);
    session.set('a', 2);
    const value = /^session=([^;]+)/.exec(send()[0] ?? '')?.[1];
    const next = managerWith().open(exchangeWith(`session=${value}`).request);
    expect(next.get('a')).toBe(2);
    expect(next.id).toBe(session.id);
  });

  it('refuses a cookie larger than browsers keep, naming the largest keys', () => {
    const { session, manager, request, response, send } = openSession({ a: 1 });
    response.setHeader('Set-Cookie', 'other=1');
    session.update({ text: 'x'.repeat(3100), list: [1, 2] });
    const { code, message } = errorOf(() => manager.seal({ raw: request }));
    expect(code).toBe('ERR_SESSION_TOO_LARGE');
    expect(message).toMatch(
      /^Cannot save the session: its cookie would have 4\d{3} bytes, and browsers drop one above 4096\. Store less, or only ids; the largest keys are "text" \(3111 bytes\), "list" \(14 bytes\), "a" \(7 bytes\)\.$/,
    );
    send();
    expect(response.getHeader('set-cookie')).toBe('other=1');
    expect(lines).toStrictEqual([]);
  });

  it('logs a change after the headers had left', () => {
    const { session, manager, request, response } = openSession({ a: { b: 1 } });
    const value = session.get('a') as { b: number };
    response.end();
    manager.seal(request);
    expect(lines).toStrictEqual([]);
    value.b = 2;
    manager.seal(request);
    expect(lines).toStrictEqual([
      'Cannot save a change of the session at "a.b": it was made after the response headers had left. Make it earlier.',
    ]);
  });

  it('warns once of responses that shared caches may store', () => {
    const manager = managerWith();
    for (let round = 0; round < 2; round++) {
      const { request, response } = exchangeWith();
      response.setHeader('Cache-Control', 'public');
      manager.open(request, response).set('a', 1);
      response.end();
      expect(response.getHeader('cache-control')).toBe('public');
    }
    expect(lines).toStrictEqual([
      'The answer to "/" sets the session cookie and may be stored by shared caches: its Cache-Control is public. ' +
        'Make it private; sendFile() and static files take cacheControl: false.',
    ]);
  });

  it('leaves the headers of caches alone if told so', () => {
    const { session, send, response } = openSession(undefined, {}, { cacheHeaders: false });
    session.set('a', 1);
    expect(send()).toHaveLength(1);
    expect(response.getHeaderNames()).toStrictEqual(['set-cookie']);
  });
});
