/** Whether anything that needs a second look may be in a text: one pass, and next to no session has any of these. */
const SUSPICIOUS = /NaN|Infinity|\d{16}|[eE][+\d]/;

/**
 * Whole strings, so that nothing inside them is touched, also one that does not end; whole words and numbers otherwise,
 * with the colon where one is a key. Nothing is looked at twice, however long it is.
 */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[-+.\w]+(?:\s*:)?/gs;

/** RFC 8259 §6. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads what `json.dumps` of Python writes, which is more than RFC 8259 (docs.python.org/3/library/json.html,
 * "Standard Compliance and Interoperability"):
 *
 * - `NaN`, `Infinity`, `-Infinity`, and numbers beyond the range of a double, are `null`, as `JSON.stringify` has it.
 * - An integer that JavaScript would write back in other digits is a *string* of its digits. Rounded, the identifier of
 *   one account would be that of another.
 *
 * @throws SyntaxError for what is no JSON
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
