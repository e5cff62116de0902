import { createHash } from 'node:crypto';
import { writeRecord } from '../../lib/session/record.js';
import { TestStore } from './stores.js';

/** The payload of a token, as in tokens.ts. */
interface Claims {
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly ttl?: number;
  readonly abs?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * `STORE=memory` runs the suites with sessions in a store, which all applications of a spec file share: a session that a test has
 * forged is in it. What a suite asserts of cookies (their data, their size, one with each change) does not hold then.
 */
export const SUITE_STORE = process.env.STORE === 'memory' ? new TestStore() : undefined;

/** Puts the data of a forged session into the store. @returns the claims of its cookie */
export function claimsInStore({ data, ...claims }: Claims, cookieName = 'session'): object {
  if (SUITE_STORE === undefined) return { ...claims, data };
  const { jti, iat, ttl, abs } = claims;
  // Old enough for an extension: with a store a younger session gets no new cookie when it changes.
  const exp = claims.exp === iat + 1_209_600 ? claims.exp - 200_000 : claims.exp;
  const text = writeRecord(JSON.stringify(data), { ttl, abs });
  // What is done in memory is done before the promise is there.
  void SUITE_STORE.create(
    keyOf(jti, cookieName),
    { text, version: 1, createdAt: iat, seenAt: iat, expiresAt: exp },
    iat,
  );
  return { ...claims, exp, st: 1 };
}

/** The claims of a cookie, with the data that is in the store. */
export function claimsFromStore(claims: Claims & { readonly st?: 1 }, cookieName = 'session'): Claims {
  if (claims.st === undefined || SUITE_STORE === undefined) return claims;
  const text = SUITE_STORE.records.get(keyOf(claims.jti, cookieName))?.text.replace(/^[\d,]+ /, '') ?? 'null';
  const { st, ...rest } = claims;
  return st === 1 ? { ...rest, data: JSON.parse(text) as Claims['data'] } : claims;
}

function keyOf(id: string, cookieName: string): string {
  return createHash('sha256').update(['session', cookieName, id].join('\n')).digest('base64url');
}
