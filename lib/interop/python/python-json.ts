/** Matches a text that may need rewriting. One pass, and hardly any session matches. */
const SUSPICIOUS = /NaN|Infinity|\d{16}|[eE][+\d]/;

/**
 * A whole string, even an unterminated one, so that its content stays as it is; or a whole word or number, with the
 * colon of a key. Linear: no character is scanned twice.
 */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[-+.\w]+(?:\s*:)?/gs;

/** RFC 8259 §6. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Parses what Python's `json.dumps` writes, which is more than RFC 8259 (docs.python.org/3/library/json.html,
 * "Standard Compliance and Interoperability"):
 *
 * - `NaN`, `Infinity`, `-Infinity` and numbers beyond the range of a double become `null`, as in `JSON.stringify`.
 * - An integer that JavaScript would print in other digits becomes a *string* of its digits: rounding could turn the
 *   identifier of one account into that of another.
 *
 * @throws SyntaxError for anything else
 */
export function parsePythonJson(text: string): unknown {
  return JSON.parse(SUSPICIOUS.test(text) ? text.replaceAll(TOKEN, rewrite) : text);
}

function rewrite(token: string): string {
  if (/^(?:NaN|-?Infinity)$/.test(token)) return 'null';
  if (!NUMBER.test(token)) return token;
  const number = Number(token);
  if (!/^-?\d+$/.test(token)) return Number.isFinite(number) ? token : 'null';
  return Number.isSafeInteger(number) || String(number) === token ? token : `"${token}"`;
}
