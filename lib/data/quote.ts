/** The longest text that a message quotes, in characters. */
const MAX_LENGTH = 80;

/**
 * A key in quotes, for messages and log lines: cut, and with escapes for whatever a terminal or a log reader could act on
 * (control and format characters, line breaks of any kind).
 */
export function quote(text: string): string {
  const cut = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return printable(JSON.stringify(cut));
}

/** A text with escapes, as in a JSON string, for whatever a terminal or a log reader could act on. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
