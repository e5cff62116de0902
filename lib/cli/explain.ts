import type { Inspection } from './inspect.js';

/** Why a cookie is accepted or not, in a sentence without any value. */
export function explain(inspection: Inspection): string {
  const { verdict, reason, isStale = false } = inspection.judgement;
  if (verdict === 'unchecked') return 'SESSION_SECRET is not set: anybody may have written this cookie';
  if (verdict === 'accepted') {
    return isStale
      ? 'made with an older secret, and issued anew when it is used'
      : 'it is authentic, and its time is not over';
  }
  if (reason === 'unknown-key') return unknownKey(inspection);
  if (reason === 'tampered') return tampered(inspection);
  if (reason === 'too-large') return 'it is larger than browsers keep';
  if (reason === 'expired') return 'its time is over';
  if (reason === 'future') return 'it comes from the future: compare the clocks of the servers';
  return malformed(inspection);
}

function unknownKey({ kid, judgement: { kids = [] }, cookieName }: Inspection): string {
  const given = `${kids.length === 1 ? 'SESSION_SECRET gives' : 'SESSION_SECRETS give'} ${kids.join(', ')}`;
  return `its kid is ${kid}, and ${given}: it was made with another secret, or not for the cookie name "${cookieName}"`;
}

/** In our own formats the kid says already that secret and name are right. */
function tampered({ kid, cookieName }: Inspection): string {
  const why = 'its signature does not fit';
  if (kid !== undefined) return `${why}: it was changed or cut after it was made`;
  return `${why}: another secret, another cookie name than "${cookieName}", or it was changed`;
}

function malformed({ kinds, facts }: Inspection): string {
  if (kinds.length === 0) return 'no known format looks like this: it may be cut, quoted or percent-encoded';
  if (kinds[0] === 'cookie-session' && facts.data !== undefined) return 'the cookie with its signature is missing';
  return 'its content cannot be read: it may be cut';
}
