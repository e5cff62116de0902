import { beforeEach, describe, expect, it } from '@jest/globals';
import { LONGEST_LIFETIME } from '../../lib/codec/lifetime.js';
import { asgiSessionsFernet, flask, type ForeignFormat, starlette } from '../../lib/interop/index.js';
import { START, stopClock } from '../support/clock.js';
import { exchangeWith } from '../support/exchange.js';
import { managerWith } from '../support/open-session.js';
import { SECRET } from '../support/secrets.js';
import { authentic, ID, MODES } from './support/modes.js';
import { foreignOpener, type Opener, OPENERS, type Opening, ownOpener } from './support/openers.js';
import { report } from './support/run.js';

/** The JSON text of the claims. */
type Times = readonly [iat: string, exp: string];
const at = (seconds: number) => String(START + seconds);

const ACCEPTED: readonly Times[] = [
  [at(0), at(1)],
  [at(60), at(61)],
  [at(59.999), at(100)],
  [at(-1_000_000), at(1)],
  ['0', at(1)],
  ['-0', at(1)],
  [at(0), at(0.001)],
  [at(0), '8640000000000'],
  [at(0), '8.64e12'],
  [`${at(0)}.0`, `${at(1)}.000`],
  [`${START / 10}e1`, at(10)],
];

const REJECTED: readonly (readonly [...Times, reason: string])[] = [
  [at(0), at(0), 'expired'],
  [at(0), at(-1), 'expired'],
  [at(0), '0', 'expired'],
  [at(0), '-0', 'expired'],
  [at(0), '5e-324', 'expired'],
  [at(100), at(0), 'expired'],
  [at(61), at(100), 'future'],
  [at(60.001), at(100), 'future'],
  ['8640000000000', '8640000000000', 'future'],
  [`${START * 1000}`, `${START * 1000 + 1}`, 'future'],
  ...[
    '-1',
    '-0.5',
    '1e308',
    '1e400',
    '-1e400',
    '8640000000001',
    `"${START}"`,
    '"NaN"',
    '""',
    'null',
    'true',
    'false',
    '[]',
    `[${START}]`,
    '{}',
    '{"valueOf":1}',
  ].flatMap((odd) => [
    [odd, at(100), 'malformed'] as const,
    [at(0), odd, 'malformed'] as const,
    [odd, odd, 'malformed'] as const,
  ]),
];

const DAY = 86_400;
const [short, long] = [{ secretKey: SECRET, maxAge: 60 }, { secretKey: SECRET }];
const aged = (name: string, format: ForeignFormat) => foreignOpener(name, format, () => ['']);

/** Everything that opens a value with a time in it, and how many seconds such a value is good for. */
const AGEING: readonly (readonly [name: string, opener: Opener, seconds: number])[] = [
  ...MODES.map((mode) => [mode, ownOpener(mode), 14 * DAY - 1] as const),
  ['starlette', aged('starlette', starlette(long)), 14 * DAY],
  ['starlette, maxAge', aged('starlette', starlette(short)), 60],
  ['flask', aged('flask', flask(long)), 31 * DAY],
  ['flask, maxAge', aged('flask', flask(short)), 60],
  ['asgi-sessions fernet, maxAge', aged('fernet', asgiSessionsFernet(short)), 60],
];

describe.each(AGEING)('The time of a cookie, %s', (name, opener, seconds) => {
  const cookie = opener.seal({ user: 'ada' });
  const session = { ok: true, data: { user: 'ada' }, issuedAt: START, expiresAt: START + seconds + 1 };

  it('ends after its last second', () => {
    expect(opener.open(cookie, START + seconds)).toEqual(session);
    expect(opener.open(cookie, START + seconds + 1)).toEqual({ ok: false, reason: 'expired' });
  });

  it('may be 60 s ahead, as clocks are', () => {
    expect(opener.open(cookie, START - 60)).toEqual(session);
    expect(opener.open(cookie, START - 61)).toEqual({ ok: false, reason: 'future' });
  });

  it('is judged alike at each second around its begin and its end', () => {
    for (let offset = -300; offset <= 300; offset++) {
      const begin = offset < -60 ? 'future' : offset <= seconds ? 'ok' : 'expired';
      expect([offset, verdict(opener.open(cookie, START + offset))]).toEqual([offset, begin]);
      const end = offset > 0 ? 'expired' : seconds + offset < -60 ? 'future' : 'ok';
      expect([offset, verdict(opener.open(cookie, START + seconds + offset))]).toEqual([offset, end]);
    }
    report(`${name}: 1202 seconds around begin and end`);
  });
});

const verdict = (opening: Opening) => (opening.ok ? 'ok' : opening.reason);

describe('A cookie without an end', () => {
  it.each([
    ['asgi-sessions fernet', { issuedAt: START }],
    ['asgi-sessions jwt', {}],
    ['cookie-session', {}],
  ])('is good for ever, as it is there: %s', (name, times) => {
    const opener = OPENERS.find((each) => each.name === name);
    const opened = opener?.open(opener.seal({ user: 'ada' }), START + 1e9);
    expect(opened).toEqual({ ok: true, data: { user: 'ada' }, ...times });
  });
});

describe.each(MODES)('The times of an authentic token, %s', (mode) => {
  beforeEach(stopClock);

  const open = (iat: string, exp: string, options: object = {}): string => {
    const reasons: string[] = [];
    const onReject = (reason: string) => void reasons.push(reason);
    const manager = managerWith({ encrypt: mode === 'encrypted', onReject, ...options });
    const payload = `{"jti":"${ID}","iat":${iat},"exp":${exp},"data":{"user":"ada"}}`;
    const { request, response } = exchangeWith(`session=${authentic(mode, payload)}`);
    const session = manager.open(request, response);
    return session.isNew ? reasons.join() : String(session.get('user'));
  };

  it.each(ACCEPTED)('are in order: iat %s, exp %s', (iat, exp) => {
    expect(open(iat, exp)).toBe('ada');
  });

  it.each(REJECTED)('are not: iat %s, exp %s, %s', (iat, exp, reason) => {
    expect(open(iat, exp)).toBe(reason);
  });

  it('are decided to the second: 60 s ahead, and not a second beyond the end', () => {
    let count = 0;
    for (let seconds = -300; seconds <= 300; seconds++) {
      expect([seconds, open(at(seconds), at(1000))]).toEqual([seconds, seconds <= 60 ? 'ada' : 'future']);
      expect([seconds, open(at(-1000), at(seconds))]).toEqual([seconds, seconds > 0 ? 'ada' : 'expired']);
      const expected = seconds > 60 ? 'future' : seconds > -100 ? 'ada' : 'expired';
      expect([seconds, open(at(seconds), at(1000), { absoluteMaxAge: 100 })]).toEqual([seconds, expected]);
      count += 3;
    }
    report(`${mode}: ${count} seconds around iat, exp and absoluteMaxAge`);
  });

  it.each([
    [1, 0, 'ada'],
    [1, -1, 'expired'],
    [1, -0.5, 'ada'],
    [100, -99, 'ada'],
    [100, -99.999, 'ada'],
    [100, -100, 'expired'],
    [3_155_760_000, -START, 'ada'],
  ])('end with absoluteMaxAge %d: created %d s from now, %s', (absoluteMaxAge, created, expected) => {
    expect(open(at(created), '8640000000000', { maxAge: LONGEST_LIFETIME, absoluteMaxAge })).toBe(expected);
  });
});
