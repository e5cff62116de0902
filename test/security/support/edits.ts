import type { Random } from './run.js';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at));
/** Blanks and letters that some decoder takes for ASCII: by its low byte, by normalization, by trimming. */
const BEYOND = ['\0', '\t', '\n', '\x7f', '\u00a0', '\u0141', '\u017f', '\u212a', '\uff0e', '\ufeff', '\ud800', '😀'];

/** All characters that stand in the place of another one, or between two. */
export const CHARACTERS: readonly [string, ...string[]] = ['.', ...PRINTABLE, ...BEYOND];

/** Every text that one edit makes of a token. */
export function* oneEdit(token: string): Generator<string> {
  for (let at = 0; at <= token.length; at++) {
    const [before, after] = [token.slice(0, at), token.slice(at)];
    for (const character of CHARACTERS) {
      yield before + character + after;
      yield before + character + after.slice(1);
      yield before + percentEncoded(character) + after.slice(1);
    }
    yield before + after.slice(1);
    yield before;
    yield after;
    yield before + flipCase(after.slice(0, 1)) + after.slice(1);
    yield before + (after[1] ?? '') + (after[0] ?? '') + after.slice(2);
    yield `${before}%${token.charCodeAt(at).toString(16)}${after.slice(1)}`;
  }
  yield* rearranged(token);
  yield* wrapped(token);
}

/** Segments swapped, doubled, left out, padded, and spelled by other spare bits. */
function* rearranged(token: string): Generator<string> {
  const segments = token.split('.');
  for (const [at, segment] of segments.entries()) {
    for (const [other, text] of segments.entries()) {
      yield segments.with(at, text).join('.');
      yield segments.with(at, text).with(other, segment).join('.');
      yield segments.toSpliced(other, 0, segment).join('.');
    }
    yield segments.toSpliced(at, 1).join('.');
    for (const padding of ['=', '==', '===', 'A', 'AA', 'AAA', 'AAAA', '%3D']) {
      yield segments.with(at, segment + padding).join('.');
      yield segments.with(at, padding + segment).join('.');
    }
    for (const last of BASE64URL) yield segments.with(at, segment.slice(0, -1) + last).join('.');
    yield segments.with(at, Buffer.from(segment, 'base64url').toString('base64')).join('.');
    yield segments.with(at, Buffer.from(segment, 'base64url').toString('hex')).join('.');
    yield segments.with(at, flipCase(segment)).join('.');
  }
}

/** The whole token quoted, encoded, doubled, or with something at an end. */
function* wrapped(token: string): Generator<string> {
  const ends = ['"', "'", '`', '%22', ' ', '\r\n', '\u2028', '.', '..', ',', ';', 's:', 'j:', 'Bearer ', '\u{10ffff}'];
  for (const end of ends) yield* [end + token, token + end, end + token + end];
  yield* [flipCase(token), token.toLowerCase(), token.toUpperCase(), Array.from(token).toReversed().join('')];
  yield* [token + token, `${token}.${token}`, `${token};${token}`, token.repeat(40), encodeURIComponent(`${token}"`)];
  yield* [Buffer.from(token).toString('base64url'), Buffer.from(token).toString('hex'), token.replaceAll('.', '%2E')];
  yield token.replaceAll('.', '\uff0e').normalize('NFKD') + '\u0301';
}

/** One edit anywhere, at random. */
export function anyEdit(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const character = random.below(2) === 0 ? random.pick(CHARACTERS) : (BASE64URL[random.below(64)] ?? 'A');
  switch (random.below(5)) {
    case 0:
      return before + after.slice(1);
    case 1:
      return before + character + after;
    case 2:
      return before + after.slice(1 + random.below(40));
    default:
      return before + character + after.slice(1);
  }
}

/** As browsers and `cookie` packages encode; a lone surrogate they could not. */
function percentEncoded(character: string): string {
  return character === '\ud800' ? '%ED%A0%80' : encodeURIComponent(character);
}

function flipCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const upper = letter.toUpperCase();
    return letter === upper ? letter.toLowerCase() : upper;
  });
}
