import { describe, expect, it } from '@jest/globals';
import { claimsLength, parseClaims, serializeClaims } from '../../../lib/codec/claims.js';
import { rejected } from '../../../lib/codec/session-codec.js';
import { polluted } from '../../support/polluted.js';
import { MALFORMED_PAYLOADS, WELL_FORMED_PAYLOADS } from './payloads.js';

describe('serializeClaims', () => {
  it('writes id, times and data in this order', () => {
    const text = serializeClaims({ jti: 'id', iat: 10, exp: 20 }, '{"b":1,"a":[]}');
    expect(text).toBe('{"jti":"id","iat":10,"exp":20,"data":{"b":1,"a":[]}}');
  });

  it('writes the ttl before the data where there is one', () => {
    const text = serializeClaims({ jti: 'id', iat: 10, exp: 20, ttl: 5 }, '{}');
    expect(text).toBe('{"jti":"id","iat":10,"exp":20,"ttl":5,"data":{}}');
  });

  it('writes st, and no data, where a store has it', () => {
    const text = serializeClaims({ jti: 'id', iat: 10, exp: 20, ttl: 5, st: 1 }, '');
    expect(text).toBe('{"jti":"id","iat":10,"exp":20,"ttl":5,"st":1}');
  });

  it('writes st before the data where a store has a record of the session', () => {
    const claims = { jti: 'id', iat: 10, exp: 20, st: 1 } as const;
    const text = serializeClaims(claims, '{"ä":1}');
    expect(text).toBe('{"jti":"id","iat":10,"exp":20,"st":1,"data":{"ä":1}}');
    expect(claimsLength(claims, '{"ä":1}')).toBe(Buffer.byteLength(text));
    expect(claimsLength(claims, '')).toBe(serializeClaims(claims, '').length);
  });

  it('writes times with a fraction, and an id of any characters', () => {
    const text = serializeClaims({ jti: '"}\\', iat: 10.5, exp: 8_640_000_000_000 }, '{}');
    expect(text).toBe('{"jti":"\\"}\\\\","iat":10.5,"exp":8640000000000,"data":{}}');
  });
});

describe('parseClaims', () => {
  it.each(WELL_FORMED_PAYLOADS)('reads %s', (_, payload, claims, data) => {
    expect(parseClaims(payload, false)).toStrictEqual({ ok: true, claims, data, stale: false });
    expect(parseClaims(payload, true)).toStrictEqual({ ok: true, claims, data, stale: true });
  });

  it.each(MALFORMED_PAYLOADS)('finds malformed: %s', (_, payload) => {
    expect(parseClaims(payload, false)).toStrictEqual({ ok: false, reason: 'malformed' });
  });

  it('writes the absolute end behind the ttl, and reads it back', () => {
    const claims = { jti: 'id', iat: 10, exp: 20, ttl: 5, abs: 9 };
    const text = serializeClaims(claims, '{}');
    expect(text).toBe('{"jti":"id","iat":10,"exp":20,"ttl":5,"abs":9,"data":{}}');
    expect(parseClaims(text, false)).toStrictEqual({ ok: true, claims, data: {}, stale: false });
  });

  it.each(['0', '-1', '"60"', 'null', '1e400', '[]'])('refuses an absolute end that is none: %s', (abs) => {
    expect(parseClaims(`{"jti":"id","iat":10,"exp":20,"abs":${abs},"data":{}}`, false)).toEqual({
      ok: false,
      reason: 'malformed',
    });
  });

  it('leaves a stray ttl out of the claims', () => {
    const result = parseClaims('{"jti":"id","iat":10,"exp":20,"data":{"ttl":5}}', false);
    expect(result.ok && result.claims).toStrictEqual({ jti: 'id', iat: 10, exp: 20, ttl: undefined });
  });

  it('reads st beside data', () => {
    expect(parseClaims('{"jti":"id","iat":10,"exp":20,"st":1,"data":{"a":1}}', true)).toStrictEqual({
      ok: true,
      claims: { jti: 'id', iat: 10, exp: 20, ttl: undefined, st: 1 },
      data: { a: 1 },
      stale: true,
    });
  });

  it.each(['"data":{"a":1}', undefined])('writes and reads rk beside st: %s', (rest) => {
    const claims = { jti: 'id', iat: 10, exp: 20, ttl: undefined, st: 1, rk: 'AZ09-_' } as const;
    const data = rest === undefined ? '' : '{"a":1}';
    const text = serializeClaims(claims, data);
    expect(text).toBe(`{"jti":"id","iat":10,"exp":20,"st":1,"rk":"AZ09-_"${rest === undefined ? '' : `,${rest}`}}`);
    expect(claimsLength(claims, data)).toBe(text.length);
    expect(parseClaims(text, false)).toMatchObject({ ok: true, claims });
  });

  it('reads st, which stands in the place of data', () => {
    expect(parseClaims('{"jti":"id","iat":10,"exp":20,"st":1}', false)).toStrictEqual({
      ok: true,
      claims: { jti: 'id', iat: 10, exp: 20, ttl: undefined, st: 1 },
      data: {},
      stale: false,
      isPointer: true,
    });
  });

  it.each([
    '"st":2',
    '"st":2,"data":{}',
    '"st":"1"',
    '"st":true,"data":{}',
    '"st":null',
    '"st":1,"data":null',
    '"rk":"a","data":{}',
    '"st":1,"rk":""',
    '"st":1,"rk":"a.b"',
    '"st":1,"rk":1',
  ])('finds malformed: %s', (rest) => {
    const payload = `{"jti":"id","iat":10,"exp":20,${rest}}`;
    expect(parseClaims(payload, false)).toStrictEqual({ ok: false, reason: 'malformed' });
  });

  it('takes no st from a polluted Object.prototype', () => {
    const result = polluted({ st: 1 }, () => parseClaims('{"jti":"id","iat":10,"exp":20}', false));
    expect(result).toStrictEqual({ ok: false, reason: 'malformed' });
  });

  it('takes no claim from a polluted Object.prototype', () => {
    const payload = '{"jti":"id","iat":10,"exp":20,"data":{}}';
    const result = polluted({ ttl: 5, abs: 5 }, () => parseClaims(payload, false));
    expect(result.ok && result.claims).toStrictEqual({ jti: 'id', iat: 10, exp: 20, ttl: undefined });
  });
});

describe('rejected', () => {
  it('is a result that says no', () => {
    expect(rejected('future')).toStrictEqual({ ok: false, reason: 'future' });
  });
});
