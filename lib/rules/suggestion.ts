/** Names of options in express-session, cookie-session, iron-session and @fastify/session, and what they are here. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['secret', 'secretKey'],
  ['secrets', 'secretKey'],
  ['password', 'secretKey'],
  ['key', 'secretKey'],
  ['keys', 'secretKey'],
  ['sessionname', 'cookieName'],
  ['name', 'cookieName'],
  ['ttl', 'maxAge'],
  ['expires', 'maxAge'],
  ['expiresin', 'maxAge'],
  ['expiry', 'maxAge'],
]);

/** What other packages have and this one needs not, or has elsewhere. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['cookie', 'Its attributes are options themselves, such as sameSite, secure, maxAge (in seconds).'],
  ['cookieoptions', 'Its attributes are options themselves, such as sameSite, secure, maxAge (in seconds).'],
  ['resave', 'Leave it out: only a session that has changed is sent.'],
  ['saveuninitialized', 'Leave it out: an empty session is not sent.'],
  ['signed', 'Leave it out: the cookie is always signed, or encrypted.'],
  ['proxy', 'Set "trust proxy" of Express, or trustProxy of Fastify.'],
  ['trustproxy', 'Set "trust proxy" of Express, or trustProxy of Fastify.'],
]);

/** What to do about an option that does not exist: the last sentence of the error. */
export function remedyFor(unknown: string, names: readonly string[]): string {
  const name = unknown.toLowerCase();
  const meant =
    names.find((each) => each === ELSEWHERE.get(name)) ?? names.find((each) => isSimilar(name, each.toLowerCase()));
  if (meant !== undefined) return `Did you mean ${meant}?`;
  // A foreign format has no such attributes.
  const remedy = names.includes('sameSite') ? REMEDIES.get(name) : undefined;
  return remedy ?? `The options are ${names.join(', ')}.`;
}

/** Whether one text becomes the other by at most two letters that are added, removed or replaced, of at least five. */
function isSimilar(a: string, b: string): boolean {
  return a.length <= 40 && Math.min(a.length, b.length) >= 5 ? distance(a, b) <= 2 : a === b;
}

/** Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, replaced));
    }
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
