/** How many cookies of one name are looked at: a client may send any number of them. */
export const MAX_CANDIDATES = 4;

/**
 * Reads the values of the cookies called `name` out of a Cookie header, in its order.
 *
 * There may be several: of another path, of a parent domain, or put there by an attacker (RFC 6265 §4.2.2, §8.6).
 * Values are taken as they are, neither unquoted nor percent-decoded: ours need neither.
 *
 * ```
 * cookie-string = cookie-pair *( ";" SP cookie-pair )    RFC 6265 §4.2.1
 * cookie-pair   = cookie-name "=" cookie-value
 * ```
 *
 * Relaxed: any number of spaces and tabs before names and around values, for old clients and proxies. No other white space:
 * taking U+00A0 for a blank would let `\u00a0session` pass for `session`.
 *
 * @returns at most four values
 */
export function readCookies(header: string | undefined, name: string): string[] {
  const values: string[] = [];
  if (header === undefined) return values;
  const pair = `${name}=`;
  let at = header.indexOf(pair);
  while (at !== -1 && values.length < MAX_CANDIDATES) {
    const end = header.indexOf(';', at);
    if (isPairStart(header, at)) values.push(trimBlanks(header.slice(at + pair.length, end === -1 ? undefined : end)));
    at = end === -1 ? -1 : header.indexOf(pair, end + 1);
  }
  return values;
}

/** Whether only blanks stand between `at` and the start of the pair. */
function isPairStart(header: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isBlank(header, before)) before--;
  return before < 0 || header[before] === ';';
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start++;
  while (end > start && isBlank(text, end - 1)) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t';
}
