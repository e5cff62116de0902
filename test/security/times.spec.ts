import { beforeEach, describe, expect, it } from '@jest/globals';
import { START, stopClock } from '../support/clock.js';
import { exchangeWith, managerWith } from '../unit/session/open-session.js';
import { authentic, ID, MODES } from './support/modes.js';
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

describe.each(MODES)('The times of an authentic token, %s', (mode) => {
  beforeEach(stopClock);

  const open = (iat: string, exp: string, options: object = {}): string => {
    const reasons: string[] = [];
    const onReject = (reason: string) => void reasons.push(reason);
    const manager = managerWith({ encrypt: mode === 'encrypted', onReject, ...options });
    const payload = `{"jti":"${ID}","iat":${iat},"exp":${exp},"data":{"user":"ada"}}`;
    const { request, response } = exchangeWith(`session=${authentic(mode, payload)}`);
    const session = manager.open(request, response);
    return session.isNew ? reasons.join() : `${session.get('user')}`;
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
    expect(open(at(created), '8640000000000', { absoluteMaxAge })).toBe(expected);
  });
});
