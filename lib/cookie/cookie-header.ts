/** Maximum number of cookies read per name: a client may send any number. */
export const MAX_CANDIDATES = 4;

/**
 * Reads the values of the cookies called `name` from a Cookie header, in its order.
 *
 * There may be several: from another path, from a parent domain or from an attacker (RFC 6265 §4.2.2, §8.6).
 * Values are neither unquoted nor percent-decoded: ours need neither.
 *
 * ```
 * cookie-string = cookie-pair *( ";" SP cookie-pair )    RFC 6265 §4.2.1
 * cookie-pair   = cookie-name "=" cookie-value
 * ```
 *
 * Relaxed for old clients and proxies: any number of spaces and tabs before names and around values. No other white
 * space: if U+00A0 counted, `\u00a0session` would be read as `session`.
 *
 * @returns at most four values
 */
export function readCookies(header: string | undefined, name: string): string[] {
  const values: string[] = [];
  if (header === undefined) return values;
  const pair = `${name}=`;
  let start = header.indexOf(pair);
  while (start !== -1 && values.length < MAX_CANDIDATES) {
    const end = header.indexOf(';', start);
    const value = header.slice(start + pair.length, end === -1 ? undefined : end);
    if (isPairStart(header, start)) values.push(trimBlanks(value));
    start = end === -1 ? -1 : header.indexOf(pair, end + 1);
  }
  return values;
}

/** Whether a pair starts at `index`: only blanks separate it from the previous one. */
function isPairStart(header: string, index: number): boolean {
  let previous = index - 1;
  while (previous >= 0 && isBlank(header, previous)) previous--;
  return previous < 0 || header[previous] === ';';
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start++;
  while (end > start && isBlank(text, end - 1)) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isBlank(text: string, index: number): boolean {
  return text[index] === ' ' || text[index] === '\t';
}
