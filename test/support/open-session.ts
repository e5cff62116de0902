import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SessionClaims } from '../../lib/codec/session-codec.js';
import type { SessionRecord, DefaultSessionData } from '../../lib/data/session-data.js';
import { SessionManager } from '../../lib/session/session.manager.js';
import type { SessionModuleOptions } from '../../lib/options/session.options.js';
import type { SessionService } from '../../lib/session/session.service.js';
import { exchangeWith } from './exchange.js';
import { resolveSettings } from './settings.js';
import { SECRET } from './secrets.js';

/** What the clock says in these tests, as a NumericDate: the `START` of clock.ts. */
export const NOW = 2_840_140_800;
/** Id and times of a session that was created ten minutes ago. */
export const CLAIMS: SessionClaims = { jti: 'AAECAwQFBgcICQoLDA0ODw', iat: NOW - 600, exp: NOW + 1000, ttl: undefined };

export function managerWith(options: Partial<SessionModuleOptions> = {}): SessionManager {
  return new SessionManager(resolveSettings({ secretKey: SECRET, ...options }));
}

/** The value of a session cookie. */
export function tokenOf(data: SessionRecord, claims: Partial<SessionClaims> = {}, secretKey = SECRET): string {
  return resolveSettings({ secretKey }).codec.seal({ ...CLAIMS, ...claims }, JSON.stringify(data));
}

export interface Opened<T extends object = DefaultSessionData> {
  readonly session: SessionService<T>;
  readonly manager: SessionManager;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Lets the headers leave and says which cookies they carry. */
  readonly send: () => string[];
}

/** Opens a session: what `data` says has come in a cookie, or no cookie has come. */
export function openSession<T extends object = DefaultSessionData>(
  data?: SessionRecord,
  claims: Partial<SessionClaims> = {},
  options: Partial<SessionModuleOptions> = {},
): Opened<T> {
  const manager = managerWith(options);
  const { request, response } = exchangeWith(data && `session=${tokenOf(data, claims)}`);
  const send = () => {
    response.writeHead(200);
    return [response.getHeader('set-cookie') ?? []].flat().map(String);
  };
  return { session: manager.open<T>(request, response), manager, request, response, send };
}
