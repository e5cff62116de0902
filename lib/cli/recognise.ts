import { parseClaims } from '../codec/claims.js';
import { decodeBase64url, decodeText } from '../crypto/base64.js';
import { recogniseForeign } from './recognise-foreign.js';
import { factsOf, type RecognisedToken } from './token-facts.js';

/**
 * Recognises the format of a token by its shape and reads what can be read without the secret. Never throws.
 *
 * @param companion the value of `<name>.sig`
 */
export function recognise(token: string, companion: string | undefined): RecognisedToken | undefined {
  return recogniseOurs(token) ?? recogniseForeign(token, companion);
}

/** By the first segment, so that a token that was cut is recognised too. */
function recogniseOurs(token: string): RecognisedToken | undefined {
  const [segment = '', payload = '', ...rest] = token.split('.', 6);
  const header = decodeBase64url(segment)?.toString('latin1') ?? '';
  const [, signedKid] = /^\{"alg":"HS256","kid":"([\w-]{8})"\}$/.exec(header) ?? [];
  if (signedKid !== undefined) {
    const opened = parseClaims(decodeText(payload), false);
    const facts = opened.ok ? factsOf(opened.claims, opened.data) : {};
    return { kinds: ['signed'], kid: signedKid, facts, isMalformed: !opened.ok || rest.length !== 1 };
  }
  const [, kid, id] = /^\{"alg":"dir","enc":"A256GCM","kid":"([\w-]{8})\.([\w-]{1,64})"\}$/.exec(header) ?? [];
  return kid === undefined
    ? undefined
    : { kinds: ['encrypted'], kid, facts: { id }, isMalformed: payload !== '' || rest.length !== 3 };
}
