import { describe, expect, it } from '@jest/globals';
import type { SessionClaims, SessionCodec } from '../../../lib/codec/session-codec.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { OTHER_SECRET, SECRET } from '../../support/secrets.js';
import { MALFORMED_PAYLOADS, WELL_FORMED_PAYLOADS } from './payloads.js';

/** What the contract needs to know of a codec. */
export interface CodecFixture {
  /** Number of the token's segments: 3 for JWS, 5 for JWE. */
  readonly segments: number;
  /** Why a token is rejected whose last segment is no canonical base64url. */
  readonly misspelt: 'tampered' | 'malformed';
  /** @param secrets newest first */
  create(secrets: readonly [string, ...string[]], cookieName?: string): SessionCodec;
  /** A token with this payload, made by an independent library. */
  forge(payload: string, secret: string): Promise<string>;
  /** The payload of a token, as an independent library reads it. */
  judge(token: string, secret: string): Promise<string>;
}

export const CLAIMS: SessionClaims = {
  jti: 'AAECAwQFBgcICQoLDA0ODw',
  iat: 1_767_225_600,
  exp: 1_768_435_200,
  ttl: undefined,
};
const BASE64URL = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** What every codec has to do, whatever its bytes. */
export function describeCodec(name: string, fixture: CodecFixture): void {
  const codec = fixture.create([SECRET]);
  const token = codec.seal(CLAIMS, '{"user":"ada"}');
  const opened = { ok: true, claims: CLAIMS, data: { user: 'ada' }, stale: false };

  describe(`${name}, as a codec`, () => {
    it.each<[string, SessionClaims, SessionRecord]>([
      ['no data', CLAIMS, {}],
      ['text beyond ASCII', CLAIMS, { 'schlüssel "1"': 'Zoë 🍪 \u0000 \u2028 \ud800' }],
      ['nested data', CLAIMS, { a: [1, -0.5, 1e21, null, true, [[]]], b: { c: { d: {} } } }],
      ['keys named as claims', CLAIMS, { jti: 1, iat: 'x', exp: null, ttl: [], data: { data: {} } }],
      ['a lifetime of its own', { ...CLAIMS, ttl: 60 }, { user: 'ada' }],
      ['the first and the last second', { ...CLAIMS, iat: 0, exp: 8_640_000_000_000 }, {}],
    ])('gives back what it sealed: %s', (_, claims, data) => {
      const result = codec.unseal(codec.seal(claims, JSON.stringify(data)));
      expect(result).toStrictEqual({ ok: true, claims, data, stale: false });
    });

    it('writes only characters that a cookie value may hold', () => {
      expect(codec.seal({ ...CLAIMS, ttl: 5 }, '{"ü":"\\"; \\u0000,"}')).toMatch(/^[A-Za-z0-9_.-]+$/);
      expect(token.split('.')).toHaveLength(fixture.segments);
    });

    it('makes tokens that another JOSE library opens', async () => {
      const payload = await fixture.judge(token, SECRET);
      expect(payload).toBe(`{"jti":"${CLAIMS.jti}","iat":1767225600,"exp":1768435200,"data":{"user":"ada"}}`);
    });

    it.each(WELL_FORMED_PAYLOADS)('opens a token of another JOSE library: %s', async (_, payload, claims, data) => {
      const result = codec.unseal(await fixture.forge(payload, SECRET));
      expect(result).toStrictEqual({ ok: true, claims, data, stale: false });
    });

    it.each(MALFORMED_PAYLOADS)('finds an authentic payload malformed: %s', async (_, payload) => {
      const result = codec.unseal(await fixture.forge(payload, SECRET));
      expect(result).toStrictEqual({ ok: false, reason: 'malformed' });
    });

    it('opens a token of an older secret as stale, wherever it stands', () => {
      const ring = fixture.create([OTHER_SECRET, 'a third secret with enough bytes', SECRET]);
      expect(ring.unseal(token)).toStrictEqual({ ...opened, stale: true });
    });

    it('seals with the newest secret', () => {
      const sealed = fixture.create([OTHER_SECRET, SECRET]).seal(CLAIMS, '{}');
      expect(fixture.create([OTHER_SECRET]).unseal(sealed)).toMatchObject({ ok: true, stale: false });
      expect(codec.unseal(sealed)).toStrictEqual({ ok: false, reason: 'unknown-key' });
    });

    it('takes a secret that stands twice for the newest', () => {
      expect(fixture.create([SECRET, OTHER_SECRET, SECRET]).unseal(token)).toStrictEqual(opened);
    });

    it.each<[string, SessionCodec]>([
      ['secret', fixture.create([OTHER_SECRET])],
      ['cookie name', fixture.create([SECRET], 'Session')],
    ])('does not know the key of another %s', (_, other) => {
      expect(other.unseal(token)).toStrictEqual({ ok: false, reason: 'unknown-key' });
    });

    it('finds each wrong number of segments malformed', () => {
      const segments = [...token.split('.'), 'e30', 'e30'];
      for (let count = 0; count <= segments.length; count++) {
        const reason = codec.unseal(segments.slice(0, count).join('.'));
        if (count === fixture.segments) expect(reason).toStrictEqual(opened);
        else expect(reason).toStrictEqual({ ok: false, reason: 'malformed' });
      }
    });

    it('rejects a token cut off at any place', () => {
      const accepted = Array.from(token, (_, end) => token.slice(0, end)).filter((cut) => codec.unseal(cut).ok);
      expect(accepted).toStrictEqual([]);
    });

    it.each(['A', '=', '==', ' ', '\n', '\0', '.', 'é', '\u00a0', '\u{1f36a}'])(
      'rejects %j added at either end',
      (extra) => {
        expect(codec.unseal(token + extra).ok).toBe(false);
        expect(codec.unseal(extra + token).ok).toBe(false);
      },
    );

    it('rejects every substitution of one character in the last segment', () => {
      const start = token.lastIndexOf('.') + 1;
      const foreign = ['=', '+', '/', ' ', '\0', 'é', 'Ā', '\ud800'];
      const accepted: string[] = [];
      for (let at = start; at < token.length; at++) {
        for (const character of [...BASE64URL, ...foreign]) {
          if (character === token[at]) continue;
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          const last = changed.slice(start);
          const isCanonical = Buffer.from(last, 'base64url').toString('base64url') === last;
          const result = codec.unseal(changed);
          if (result.ok || result.reason !== (isCanonical ? 'tampered' : fixture.misspelt)) accepted.push(changed);
        }
      }
      expect(accepted).toStrictEqual([]);
    });

    it('rejects one changed character, wherever it stands', () => {
      const accepted = Array.from(token, (character, at) => {
        return token.slice(0, at) + (character === 'A' ? 'B' : 'A') + token.slice(at + 1);
      }).filter((changed) => codec.unseal(changed).ok);
      expect(accepted).toStrictEqual([]);
    });

    it('rejects each two segments swapped', () => {
      const segments = token.split('.');
      const accepted: string[] = [];
      for (const [first, a] of segments.entries()) {
        for (const [second, b] of segments.entries()) {
          if (a === b) continue;
          const swapped = segments.with(first, b).with(second, a).join('.');
          if (codec.unseal(swapped).ok) accepted.push(swapped);
        }
      }
      expect(accepted).toStrictEqual([]);
    });
  });
}
