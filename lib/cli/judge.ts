import { EncryptedCodec } from '../codec/encrypted.codec.js';
import { Lifetime, LONGEST_LIFETIME } from '../codec/lifetime.js';
import { SignedCodec } from '../codec/signed.codec.js';
import { MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';
import { KeyRing, type Secrets } from '../crypto/key-ring.js';
import { MIN_SECRET_LENGTH, secretBytes } from '../rules/secret-bytes.js';
import type { Candidate } from './cookie-input.js';
import type { Judgement, JudgeOptions } from './judgement.js';
import { openForeign } from './open-foreign.js';
import { factsOf } from './token-facts.js';

/** @throws SessionError for a secret with which the application would not start */
export function judge(candidate: Candidate, options: JudgeOptions): Judgement {
  const { recognised, token, sizes } = candidate;
  const [kind] = recognised?.kinds ?? [];
  if (recognised === undefined || kind === undefined) return { verdict: 'rejected', reason: 'malformed' };
  if (options.secrets.length === 0) {
    return recognised.isMalformed ? { verdict: 'rejected', reason: 'malformed' } : { verdict: 'unchecked' };
  }
  if (token.length > sizes.length * MAX_COOKIE_SIZE) return { verdict: 'rejected', reason: 'too-large' };
  return kind === 'signed' || kind === 'encrypted'
    ? judgeOurs(kind, candidate, options)
    : openForeign(recognised.kinds, candidate, options);
}

function judgeOurs(kind: 'signed' | 'encrypted', { token, cookieName }: Candidate, options: JudgeOptions): Judgement {
  const ring = new KeyRing(bytesOf(options.secrets), kind === 'signed' ? 'HS256' : 'A256GCM', cookieName);
  const kids = [...ring.index(({ kid }) => kid).keys()];
  const opened = (kind === 'signed' ? new SignedCodec(ring) : new EncryptedCodec(ring)).unseal(token);
  if (!opened.ok) return { verdict: 'rejected', reason: opened.reason, kids };
  const { maxAge = LONGEST_LIFETIME, absoluteMaxAge, now } = options;
  const lifetime = new Lifetime({ maxAge, absoluteMaxAge, rolling: false });
  const claims = lifetime.bound(opened.claims, now);
  const reason = lifetime.reject(claims, now);
  const verdict = reason === undefined ? 'accepted' : 'rejected';
  return { verdict, reason, facts: factsOf(claims, opened.data), kids, isStale: opened.stale };
}

function bytesOf(secrets: readonly string[]): Secrets {
  const REMEDY = 'Give the one of the application: npx nestjs-sessions secret prints a new one.';
  const [newest, ...older] = secrets.map((secret, index) => {
    const name = secrets.length === 1 ? 'SESSION_SECRET' : `secret ${index + 1} of SESSION_SECRETS`;
    return secretBytes(secret, name, { missing: REMEDY, short: REMEDY }, MIN_SECRET_LENGTH);
  });
  return [newest ?? Buffer.alloc(0), ...older];
}
