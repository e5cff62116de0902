import { decodeBase64, decodeBase64url, decodePaddedBase64url } from '../crypto/base64.js';
import { parseSession } from '../interop/foreign-json.js';
import { loadPayload } from '../interop/python/flask.js';
import { dateIn } from '../interop/python/pyjwt-claims.js';
import { untag } from '../interop/python/tagged-json.js';
import type { RecognisedToken, TokenFacts } from './token-facts.js';

/** The formats of docs/interop-formats.md, read without their secrets. */
export function recogniseForeign(token: string, companion: string | undefined): RecognisedToken | undefined {
  return pyJwt(token) ?? fernet(token) ?? itsdangerous(token) ?? cookieSession(token, companion);
}

function pyJwt(token: string): RecognisedToken | undefined {
  const [segment = '', payload = '', ...rest] = token.split('.', 4);
  const header = decodeBase64url(segment)?.toString('latin1');
  if (header !== '{"alg":"HS256","typ":"JWT"}' && header !== '{"typ":"JWT","alg":"HS256"}') return undefined;
  const json = decodeBase64url(payload);
  const data = json && parseSession(json, 'python');
  const times = data && { issuedAt: dateIn(data, 'iat'), expiresAt: dateIn(data, 'exp') };
  return recognised(['asgi-sessions jwt'], { ...times, data }, data === undefined || rest.length !== 1);
}

/** Encrypted, but for the time of issue. */
function fernet(token: string): RecognisedToken | undefined {
  const bytes = decodePaddedBase64url(token);
  // Version, time, IV, at least one block of AES, HMAC.
  if (bytes === undefined || bytes[0] !== 0x80 || bytes.length < 73 || bytes.length % 16 !== 9) return undefined;
  return recognised(['asgi-sessions fernet'], { issuedAt: Number(bytes.readBigUInt64BE(1)) });
}

/** Starlette and Flask write the same signature; of some payloads only the secret can tell which of them it was. */
function itsdangerous(token: string): RecognisedToken | undefined {
  const [, payload, timeText = '', signature = ''] = /^(.+)\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
  const time = decodeBase64url(timeText);
  if (payload === undefined || time === undefined || time.length > 6) return undefined;
  if (decodeBase64url(signature)?.length !== 20) return undefined;
  const issuedAt = time.readUIntBE(0, time.length);
  const [starletteJson, flaskJson] = [decodeBase64(payload), loadPayload(payload)];
  const starlette = starletteJson && parseSession(starletteJson, 'python');
  const flask = flaskJson instanceof Buffer ? parseSession(flaskJson, 'python', untag) : undefined;
  if (starlette !== undefined) {
    const kinds = flask === undefined ? (['starlette'] as const) : (['starlette', 'flask'] as const);
    return recognised(kinds, { issuedAt, data: starlette });
  }
  return flask && recognised(['flask'], { issuedAt, data: flask });
}

function cookieSession(token: string, companion: string | undefined): RecognisedToken | undefined {
  const json = decodeBase64(token);
  const data = json && parseSession(json, 'json');
  return data && recognised(['cookie-session'], { data }, companion === undefined);
}

function recognised(kinds: RecognisedToken['kinds'], facts: TokenFacts, isMalformed = false): RecognisedToken {
  return { kinds, facts, isMalformed };
}
