import { expect } from '@jest/globals';
import type { Claims } from './claims.js';
import type { Client, Reply } from './client.js';
import { SUITE_STORE } from './suite-store.js';
import { claimsOf, sentClaims } from './tokens.js';

/**
 * How many cookies a change of a young session sends. With a store it is none until a tenth of the lifetime has passed: the cookie
 * that the client has says which session it is.
 */
export const COOKIES_OF_A_CHANGE = SUITE_STORE === undefined ? 1 : 0;

/** The session that a response has saved: in the cookie that it sends or, with a store, under the cookie that the client has. */
export async function savedClaims(client: Client, reply: Reply, name = 'session'): Promise<Claims> {
  if (SUITE_STORE === undefined) return sentClaims(reply, name);
  expect(reply.setCookie.filter((line) => line.startsWith(`${name}=`)).length).toBeLessThanOrEqual(1);
  return claimsOf((await client.cookie(name)) ?? '', name);
}
