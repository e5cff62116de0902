import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { SessionClaims } from '../../lib/codec/session-codec.js';
import type { SessionRecord } from '../../lib/data/session-data.js';
import { sessionData } from './support/arbitraries.js';
import { headerOf } from './support/headers.js';
import { ID, type Mode, MODES, settingsFor } from './support/modes.js';
import { cases, report, SEED } from './support/run.js';

const COUNT = cases(100_000, 1_000_000);
/** So many at once: a property keeps what it has seen. */
const BATCH = 5000;
/** A token with this much in it does not fit into one cookie. */
const PADDING = '\u0000'.padEnd(8000, 'padding');

const claims = fc.record<SessionClaims, 'jti' | 'iat' | 'exp'>(
  {
    jti: fc.constantFrom(ID, 'a', '-_'.repeat(32)),
    iat: fc.nat(),
    exp: fc.integer({ min: 0, max: 8_640_000_000_000 }),
    ttl: fc.integer({ min: 1, max: 3_155_760_000 }),
  },
  { requiredKeys: ['jti', 'iat', 'exp'], noNullPrototype: true },
);

/** How many sessions went into how many cookies. */
type Spread = Record<Mode, Map<number, number>>;

function assertSame(actual: unknown, expected: unknown): void {
  // expect() takes longer than the codec.
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

/** Makes so many sessions; one that fails is reported as small as possible. */
function forEachSession(roundTrip: (claims: SessionClaims, data: SessionRecord) => void): void {
  for (let batch = 0; batch < COUNT / BATCH; batch++) {
    const property = fc.property(claims, sessionData, roundTrip);
    fc.assert(property, { seed: (SEED + batch) | 0, numRuns: BATCH });
  }
}

describe('Any session', () => {
  const one = MODES.map((mode) => ({ mode, ...settingsFor(mode) }));
  const several = MODES.map((mode) => ({ mode, ...settingsFor(mode, { cookieCount: 4 }) }));

  it('comes back as JSON has it, out of one cookie and out of several', () => {
    const counts: Record<Mode, number> = { signed: 0, encrypted: 0 };
    const spread: Spread = { signed: new Map(), encrypted: new Map() };
    forEachSession((given, data) => {
      const expected = JSON.parse(JSON.stringify(data)) as unknown;
      for (const { mode, codec, format } of one) {
        const opened = codec.unseal(codec.seal(given, format.write(data)));
        assertSame(opened, { ok: true, claims: { ttl: undefined, ...given }, data: expected, stale: false });
        counts[mode]++;
      }
      const padding = PADDING.slice(0, 3200 + (given.iat % 2800));
      for (const { mode, codec, format, cookie } of several) {
        const written = cookie.serialize(codec.seal(given, format.write({ padding, data })), 60, false, undefined);
        if (!written.ok) throw new Error(`${written.size} bytes do not fit.`);
        const [first = ''] = cookie.read(headerOf(written.lines));
        assertSame(codec.unseal(first), {
          ok: true,
          claims: { ttl: undefined, ...given },
          data: { padding, data: expected },
          stale: false,
        });
        spread[mode].set(written.lines.length, (spread[mode].get(written.lines.length) ?? 0) + 1);
      }
    });
    for (const mode of MODES) {
      const sizes = Array.from(spread[mode], ([cookies, sessions]) => `${sessions} in ${cookies}`).join(', ');
      const total = Array.from(spread[mode].values()).reduce((sum, sessions) => sum + sessions, 0);
      report(`${mode}: ${counts[mode]} round trips`);
      report(`${mode}, in several cookies: ${total} round trips, ${sizes}`);
      expect(Math.min(counts[mode], total)).toBeGreaterThanOrEqual(COUNT);
      expect(spread[mode].has(1)).toBe(false);
    }
  });
});
