import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import { SessionModule } from '../../lib/module/session.module.js';
import { resolveSettings } from '../support/settings.js';
import { deriveKey } from '../unit/codec/jose.js';
import { exchangeWith, managerWith, openSession, tokenOf } from '../unit/session/open-session.js';
import { OTHER_SECRET, SECRET } from '../unit/support.js';

const VALUE = 'a value nobody may see';
const SHORT = 'a short secret';
/** These tests run by the real clock. */
const VALID = { iat: 0, exp: 8_000_000_000_000 };
const TOKEN = tokenOf({ user: VALUE }, VALID);

/** Each spelling in which bytes might be printed. */
function spellings(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const inBuffer = hex.match(/../g)?.slice(0, 12).join(' ') ?? '';
  const start = [...bytes.subarray(0, 6)];
  return [
    bytes.toString('utf8'),
    hex,
    inBuffer,
    start.join(', '),
    start.join(','),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

const hidden = [
  ...[SECRET, OTHER_SECRET, SHORT, VALUE, TOKEN].flatMap((text) => spellings(Buffer.from(text))),
  ...[SECRET, OTHER_SECRET].flatMap((text) => spellings(Buffer.from(deriveKey(text, 'HS256', 'session').key))),
  TOKEN.slice(-43),
];

/** What `value` shows however it is printed. */
function shown(value: unknown): string {
  const options = { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null, getters: false };
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // What contains itself is never printed as JSON.
  }
  return [inspect(value, options), String(value), json, value instanceof Error ? value.stack : ''].join('\n');
}

function leaksOf(value: unknown): string[] {
  const text = shown(value);
  return hidden.filter((secret) => text.includes(secret));
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error.');
}

describe('What is printed', () => {
  it.each([SECRET, Buffer.from(SECRET), [...Buffer.from(SECRET)], Buffer.from(SECRET).toString('base64')])(
    'would be found by this test: %p',
    (value) => {
      expect(leaksOf({ deep: [{ value }] })).not.toStrictEqual([]);
    },
  );

  it.each<[string, unknown]>([
    ['forRoot(options)', SessionModule.forRoot({ secretKey: SECRET })],
    ['forRoot(secret)', SessionModule.forRoot(SECRET)],
    ['forRoot(secrets)', SessionModule.forRoot([Buffer.from(SECRET), OTHER_SECRET], { maxAge: 60 })],
    ['the settings', resolveSettings({ secretKey: [SECRET, OTHER_SECRET] })],
    ['the codec', resolveSettings({ secretKey: [SECRET, OTHER_SECRET] }).codec],
    ['a SessionManager', managerWith({ secretKey: [SECRET, OTHER_SECRET] })],
  ])('holds no secret: %s', (_, value) => {
    expect(leaksOf(value)).toStrictEqual([]);
  });

  it('holds no secret: the module and its providers', async () => {
    const module = await Test.createTestingModule({ imports: [SessionModule.forRoot(SECRET)] }).compile();
    expect(leaksOf(module.get(SessionModule))).toStrictEqual([]);
    await module.close();
  });

  it('holds neither secret nor value: a SessionService that was used, and its SessionManager', () => {
    const { session, manager } = openSession({ user: VALUE }, VALID);
    session.set('other', [VALUE]);
    manager.seal(exchangeWith().request);
    expect(session.get('user')).toBe(VALUE);
    expect(leaksOf(session)).toStrictEqual([]);
    expect(leaksOf(manager)).toStrictEqual([]);
  });
});

describe('An error', () => {
  const { session, manager, request } = openSession({ user: VALUE }, VALID);
  const sealing = (value: unknown) => {
    session.set('it', { deep: value });
    return errorOf(() => manager.seal({ raw: request }));
  };
  const circle: Record<string, unknown> = { VALUE };
  circle['self'] = circle;

  it.each<[string, () => unknown]>([
    ['a secret too short', () => errorOf(() => SessionModule.forRoot(SHORT))],
    ['a second secret too short', () => errorOf(() => SessionModule.forRoot([SECRET, SHORT]))],
    ['a Buffer too short', () => errorOf(() => SessionModule.forRoot(Buffer.from(SHORT)))],
    ['a bad option', () => errorOf(() => SessionModule.forRoot(SECRET, { path: VALUE }))],
    ['an unknown option', () => errorOf(() => SessionModule.forRoot(SECRET, { unknown: VALUE } as object))],
    ['a forbidden key', () => errorOf(() => session.set('__proto__', VALUE))],
    ['a bad maxAge', () => errorOf(() => (session.maxAge = VALUE as unknown as number))],
    ['a cycle', () => sealing(circle)],
    ['a function', () => sealing(() => VALUE)],
    ['a symbol', () => sealing(Symbol(VALUE))],
    [
      'a getter that throws the value',
      () => sealing(Object.defineProperty({}, 'it', { enumerable: true, get: throws })),
    ],
    ['a toJSON() that throws the value', () => sealing({ toJSON: throws })],
    ['a session too large', () => sealing(VALUE.repeat(200))],
    ['no request', () => errorOf(() => manager.open({ VALUE }))],
    [
      'no response',
      () =>
        errorOf(() =>
          managerWith()
            .open(exchangeWith(`session=${TOKEN}`).request)
            .clear(),
        ),
    ],
  ])('holds neither secret nor value: %s', (_, make) => {
    const error = make();
    expect(error).toMatchObject({ name: 'SessionError', code: expect.stringMatching(/^ERR_SESSION_[A-Z_]+$/) });
    expect((error as Error).message).toMatch(/^Cannot [^:]+: .+\. .+[.2]$/);
    expect(leaksOf(error)).toStrictEqual([]);
  });
});

function throws(): never {
  throw new Error(VALUE);
}

describe('The log', () => {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const logger: LoggerService = { log: write, error: write, warn: write, debug: write, verbose: write, fatal: write };

  beforeAll(() => Logger.overrideLogger(logger));
  afterAll(() => Logger.overrideLogger(false));
  beforeEach(() => void lines.splice(0));

  it('says why a cookie was ignored, and nothing of the cookie', () => {
    const stale = tokenOf({ user: VALUE }, { exp: 1 });
    const { request, response } = exchangeWith(`session=${TOKEN}x; session=${stale}; session=${VALUE}`);
    expect(managerWith().open(request, response).isNew).toBe(true);
    expect(lines).toStrictEqual([['Ignored a session cookie: tampered.', 'SessionManager']]);
    expect(managerWith().open(exchangeWith(`session=${stale}`).request).isNew).toBe(true);
    expect(managerWith().open(exchangeWith(`session=${VALUE}`).request).isNew).toBe(true);
    expect(lines.slice(1)).toStrictEqual([
      ['Ignored a session cookie: expired.', 'SessionManager'],
      ['Ignored a session cookie: malformed.', 'SessionManager'],
    ]);
  });

  it('says that onReject threw, and nothing of what it threw', () => {
    const { request, response } = exchangeWith(`session=${VALUE}`);
    const onReject = jest.fn(throws);
    managerWith({ onReject }).open(request, response).has('user');
    expect(onReject.mock.calls).toStrictEqual([['malformed', request]]);
    expect(lines).toStrictEqual([
      [
        'Cannot report an ignored session cookie: onReject threw. Let it catch its own errors.',
        undefined,
        'SessionManager',
      ],
    ]);
  });

  it('says that a session could not be saved, and nothing of its values', () => {
    const { session, send } = openSession({ user: VALUE }, VALID);
    session.set('it', () => VALUE);
    expect(send()).toStrictEqual([]);
    expect(lines).toHaveLength(1);
    expect(shown(lines)).toContain('Cannot save the session: "it" cannot be written as JSON, it is a function');
    expect(leaksOf(lines)).toStrictEqual([]);
  });
});
