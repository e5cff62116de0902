import { expect } from '@jest/globals';
import type { Claims } from './claims.js';
import { SECRET } from './secrets.js';
import type { Client, Reply } from './client.js';
import { jws } from './compact.js';
import { deriveKey } from './keys.js';
import { claimsFromStore, claimsInStore } from './suite-store.js';

export type { Claims } from './claims.js';

/** What a forged token may have of its own; the rest is as the package does it. */
export interface Forgery {
  readonly secret?: string;
  readonly cookieName?: string;
  /** The text of the protected header. */
  readonly header?: string;
  readonly claims?: Partial<Claims>;
  /** The text of the payload, instead of claims. */
  readonly payload?: string;
}

export const ID = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The id of a session that is told apart from others by a short name: in a store, sessions of one id would be one. */
export const idOf = (name: string): string => name.padEnd(ID.length, 'A');

/** The text of the protected header of a token. */
export function jwsHeader({ secret = SECRET, cookieName }: Forgery = {}): string {
  return JSON.stringify({ alg: 'HS256', kid: deriveKey(secret, 'HS256', cookieName).kid });
}

/** Makes a token by the letter of the contract and without the package: the judge of what it accepts. */
export function forge(data: Claims['data'], forgery: Forgery = {}): string {
  const { secret = SECRET, cookieName } = forgery;
  const { key } = deriveKey(secret, 'HS256', cookieName);
  return jws(forgery.header ?? jwsHeader(forgery), payloadOf(data, forgery), key);
}

const NAMES: ReadonlySet<string> = new Set(['jti', 'iat', 'exp', 'ttl', 'abs', 'data']);

/** The text of the payload of a token. Where the suite has a store, the data of a session is put there. */
export function payloadOf(data: Claims['data'], { payload, claims = {}, cookieName }: Forgery): string {
  if (payload !== undefined) return payload;
  const iat = now();
  const whole = { jti: ID, iat, exp: iat + 1209600, data, ...claims };
  const isSession = Object.keys(claims).every((name) => NAMES.has(name));
  return JSON.stringify(isSession ? claimsInStore(whole, cookieName) : whole);
}

/** A token with its data, also where the suite has a store. */
export function forgeWithData(data: Claims['data'], claims: Partial<Claims> = {}): string {
  return forge({}, { payload: JSON.stringify({ jti: ID, iat: now(), exp: now() + 1209600, data, ...claims }) });
}

/** Gives a client a valid session with this data, by a token that the package has never seen. */
export async function signIn(client: Client, data: Claims['data'], forgery: Forgery = {}): Promise<string> {
  const token = forge(data, forgery);
  await client.setCookie(forgery.cookieName ?? 'session', token);
  return token;
}

/** The seconds since 1970, by the same clock as the package. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** The payload of a token; whether it is authentic is another question. */
export function claimsOf(token: string, cookieName?: string): Claims {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return claimsFromStore(JSON.parse(payload) as Claims, cookieName);
}

/** A Set-Cookie line, taken apart. */
export interface SentCookie {
  readonly value: string;
  /** As they were written, in order: `['Path=/', 'HttpOnly']`. */
  readonly attributes: readonly string[];
}

/** The one session cookie of a response. */
export function sentCookie(reply: Reply, name = 'session'): SentCookie {
  const lines = reply.setCookie.filter((line) => line.startsWith(`${name}=`));
  expect(lines).toHaveLength(1);
  const [pair = '', ...attributes] = (lines[0] ?? '').split('; ');
  return { value: pair.slice(name.length + 1), attributes };
}

/** The payload of the one session cookie of a response. */
export function sentClaims(reply: Reply, name = 'session'): Claims {
  return claimsOf(sentCookie(reply, name).value, name);
}

/** The Max-Age of the one session cookie of a response, in seconds. */
export function sentMaxAge(reply: Reply, name = 'session'): number | undefined {
  const attribute = sentCookie(reply, name).attributes.find((text) => text.startsWith('Max-Age='));
  return attribute === undefined ? undefined : Number(attribute.slice('Max-Age='.length));
}

/** What deletes the session cookie, over http and with the default options. */
export const DELETION = 'session=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax';
