import { describe, expect, it } from '@jest/globals';
import { isLifetime, Lifetime, LONGEST_LIFETIME } from '../../../lib/codec/lifetime.js';

const NOW = 1_000_000;

function lifetime(options: Partial<Lifetime['options']> = {}): Lifetime {
  return new Lifetime({ maxAge: 100, absoluteMaxAge: undefined, rolling: false, ...options });
}

/** A session issued `ago` seconds ago for `life` seconds. */
const issued = (ago: number, life = 100) => ({ jti: 'id', iat: NOW - 500, exp: NOW - ago + life });

describe('isLifetime', () => {
  it('takes whole seconds from 1 to 100 years', () => {
    expect(LONGEST_LIFETIME).toBe(100 * 365.25 * 24 * 60 * 60);
    expect([1, 60, LONGEST_LIFETIME].map(isLifetime)).toStrictEqual([true, true, true]);
  });

  it.each([
    0,
    -0,
    -1,
    0.5,
    1.5,
    NaN,
    Infinity,
    -Infinity,
    LONGEST_LIFETIME + 1,
    '60',
    60n,
    null,
    undefined,
    true,
    [60],
    {},
  ])('refuses %p', (value) => {
    expect(isLifetime(value)).toBe(false);
  });
});

describe('Lifetime.expiry', () => {
  it.each([
    ['maxAge from now', {}, NOW - 50, undefined, NOW + 100],
    ["the session's own ttl from now", {}, NOW - 50, 7, NOW + 7],
    ['a ttl longer than maxAge', {}, NOW - 50, 1000, NOW + 1000],
    ['absoluteMaxAge since creation where that is sooner', { absoluteMaxAge: 120 }, NOW - 50, undefined, NOW + 70],
    ['maxAge where that is sooner', { absoluteMaxAge: 151 }, NOW - 50, undefined, NOW + 100],
    ['both where they are equal', { absoluteMaxAge: 150 }, NOW - 50, undefined, NOW + 100],
    ['absoluteMaxAge before the ttl', { absoluteMaxAge: 120 }, NOW - 50, 1000, NOW + 70],
    ['a time in the past where absoluteMaxAge is over', { absoluteMaxAge: 10 }, NOW - 50, undefined, NOW - 40],
    ['whole seconds of a creation time with a fraction', { absoluteMaxAge: 120 }, NOW - 50.25, undefined, NOW + 69],
  ])('is %s', (_, options, createdAt, ttl, expected) => {
    expect(lifetime(options).expiry({ iat: createdAt, ttl }, NOW)).toBe(expected);
  });
});

describe('Lifetime.expiry with an absoluteMaxAge of the session', () => {
  it.each([
    ["is the later one, where that is the session's", { absoluteMaxAge: 10 }, 120, NOW + 70],
    ["is the sooner one, where that is the session's", { absoluteMaxAge: 200 }, 60, NOW + 10],
    ['is its own where the module has none', {}, 120, NOW + 70],
  ])('%s', (_, options, abs, expected) => {
    expect(lifetime(options).expiry({ iat: NOW - 50, ttl: 90, abs }, NOW)).toBe(expected);
  });
});

describe('Lifetime.reject', () => {
  const claims = { jti: 'id', iat: NOW - 50, exp: NOW + 50 };

  it.each([
    ['accepts a session in its time', {}, claims, undefined],
    ['accepts it in its last second', {}, { ...claims, exp: NOW + 1 }, undefined],
    ['accepts it in the last fraction of a second', {}, { ...claims, exp: NOW + 0.5 }, undefined],
    ['finds exp equal to now expired', {}, { ...claims, exp: NOW }, 'expired'],
    ['finds exp before now expired', {}, { ...claims, exp: NOW - 1 }, 'expired'],
    ['accepts the last second of absoluteMaxAge', { absoluteMaxAge: 51 }, claims, undefined],
    ['finds the end of absoluteMaxAge expired', { absoluteMaxAge: 50 }, claims, 'expired'],
    ["accepts the last second of the session's own", { absoluteMaxAge: 1 }, { ...claims, abs: 51 }, undefined],
    ["finds the end of the session's own expired", { absoluteMaxAge: 500 }, { ...claims, abs: 50 }, 'expired'],
    ['finds what absoluteMaxAge ended expired', { absoluteMaxAge: 49 }, claims, 'expired'],
    ['accepts iat equal to now', {}, { ...claims, iat: NOW }, undefined],
    ['accepts iat 60 seconds ahead', {}, { ...claims, iat: NOW + 60, exp: NOW + 200 }, undefined],
    ['finds iat 61 seconds ahead from the future', {}, { ...claims, iat: NOW + 61, exp: NOW + 200 }, 'future'],
    ['finds iat 60.5 seconds ahead from the future', {}, { ...claims, iat: NOW + 60.5, exp: NOW + 200 }, 'future'],
    ['finds the future expired where exp is over', {}, { ...claims, iat: NOW + 61, exp: NOW - 1 }, 'expired'],
    ['does not look at the ttl', {}, { ...claims, ttl: 1 }, undefined],
    ['takes exp as it is, however far beyond maxAge', {}, { ...claims, exp: NOW + 10_000 }, undefined],
  ])('%s', (_, options, given, expected) => {
    expect(lifetime(options).reject(given, NOW)).toBe(expected);
  });
});

describe('Lifetime.isRenewalDue', () => {
  it.each([
    ['never without rolling', {}, issued(99), false],
    ['not at once', { rolling: true }, issued(0), false],
    ['not before a tenth of maxAge', { rolling: true }, issued(9), false],
    ['at a tenth of maxAge', { rolling: true }, issued(10), true],
    ['after a tenth of maxAge', { rolling: true }, issued(11), true],
    ["not before a tenth of the session's ttl", { rolling: true }, { ...issued(99, 1000), ttl: 1000 }, false],
    ["at a tenth of the session's ttl", { rolling: true }, { ...issued(100, 1000), ttl: 1000 }, true],
    ['not where a shorter maxAge would shorten it', { rolling: true }, issued(0, 500), false],
    ['where a longer maxAge lengthens it', { rolling: true }, issued(0, 90), true],
    ['not where absoluteMaxAge leaves nothing to gain', { rolling: true, absoluteMaxAge: 550 }, issued(50), false],
    [
      "up to what the session's own absoluteMaxAge leaves",
      { rolling: true, absoluteMaxAge: 550 },
      { ...issued(50), abs: 560 },
      true,
    ],
    ['up to what absoluteMaxAge leaves', { rolling: true, absoluteMaxAge: 560 }, issued(50), true],
  ])('is %s', (_, options, claims, expected) => {
    expect(lifetime(options).isRenewalDue(claims, NOW)).toBe(expected);
  });
});

describe('Lifetime.bound', () => {
  const claims = { jti: 'id', iat: NOW - 50, exp: NOW + 100 };

  it.each([
    ['what a cookie has that is issued now', claims],
    ['what one has that is issued now by a machine whose clock is 60 seconds ahead', { ...claims, exp: NOW + 160 }],
    ["the session's own ttl", { ...claims, exp: NOW + 1000, ttl: 1000 }],
    ['a session that is over', { ...claims, exp: NOW - 1000 }],
  ])('leaves %s', (_, given) => {
    expect(lifetime().bound(given, NOW)).toBe(given);
  });

  it.each([
    ['maxAge', { ...claims, exp: NOW + 161 }, NOW + 50],
    ['a maxAge that is over', { ...claims, iat: NOW - 5000, exp: NOW + 161 }, NOW - 4900],
    ['the ttl', { ...claims, exp: NOW + 1000, ttl: 60 }, NOW + 10],
    ['maxAge, in whole seconds', { ...claims, iat: NOW - 50.5, exp: NOW + 1000 }, NOW + 49],
  ])('lets one that was issued for longer end after %s, since its session was created', (_, given, exp) => {
    expect(lifetime().bound(given, NOW)).toStrictEqual({ ...given, exp });
  });
});

describe('Lifetime.isOlder', () => {
  const claims = { jti: 'id', iat: NOW - 50, exp: NOW + 100 };

  it.each([
    ['a session that was created earlier', {}, { ...claims, iat: NOW - 51, exp: NOW + 900 }, claims, true],
    ['a session that was created later', {}, { ...claims, iat: NOW - 49, exp: NOW + 1 }, claims, false],
    ['an earlier issue', {}, { ...claims, exp: NOW + 99 }, claims, true],
    ['a later issue', {}, { ...claims, exp: NOW + 101 }, claims, false],
    ['the same', {}, claims, claims, false],
    ['an earlier issue with a longer ttl', {}, { ...claims, exp: NOW + 900, ttl: 1000 }, claims, true],
    ['a later issue with a shorter ttl', {}, { ...claims, exp: NOW + 11, ttl: 10 }, claims, false],
    [
      'one that absoluteMaxAge has cut',
      { absoluteMaxAge: 60 },
      { ...claims, exp: NOW + 10, ttl: 90 },
      { ...claims, exp: NOW + 10 },
      false,
    ],
  ])('judges %s', (_, options, a, b, expected) => {
    expect(lifetime(options).isOlder(a, b)).toBe(expected);
  });
});
