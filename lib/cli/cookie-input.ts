import { chunkName, joinChunks, MAX_CHUNKS } from '../cookie/chunks.js';
import { readCookies } from '../cookie/cookie-header.js';
import { COOKIE_NAME } from '../rules/check-options.js';
import { recognise } from './recognise.js';
import type { RecognisedToken } from './token-facts.js';

/** A cookie of the input. */
interface GivenCookie {
  readonly name: string;
  readonly value: string;
  /** Bytes of name and value, and of the attributes where a Set-Cookie line was given. */
  readonly size: number;
}

/** What may be the token of a session: the value of one cookie, or of several that are put together. */
export interface Candidate {
  readonly cookieName: string;
  readonly token: string;
  /** The value of `<name>.sig`. */
  readonly companion: string | undefined;
  /** What it looks like; `undefined` for a token of no known format. */
  readonly recognised: RecognisedToken | undefined;
  /** Bytes of each of its cookies. */
  readonly sizes: readonly number[];
}

/** A part of a name that stands for a further cookie of the same session. */
const SUFFIX = /\.(?:sig|[1-9]\d?)$/;

/** A value in base64, of which only the padding looks like a cookie without a value. */
const PADDED = /^[^=;]+={1,2}$/;

/** The most names that are looked at: more than a browser sends. */
const MAX_NAMES = 200;

/**
 * Finds the tokens in what was given: a value, a Cookie header, Set-Cookie lines. Those of one cookie only: the one called
 * `cookieName`, otherwise of `session` and all others the first that looks like a session.
 */
export function findCandidates(text: string, cookieName: string | undefined): readonly Candidate[] {
  const cookies = text.split(/[\r\n]+/).flatMap((line) => cookiesIn(line.trim(), cookieName ?? 'session'));
  const names = new Set(cookies.map(({ name }) => name));
  const bases = [...names].filter((name) => !SUFFIX.test(name) || !names.has(name.replace(SUFFIX, '')));
  const likely = bases.includes('session') ? ['session', ...bases.filter((name) => name !== 'session')] : bases;
  const wanted = cookieName === undefined ? likely.slice(0, MAX_NAMES) : [cookieName];
  const groups = wanted.map((name) => candidatesOf(name, cookies));
  return groups.find((group) => group.some(({ recognised }) => recognised !== undefined)) ?? groups[0] ?? [];
}

function cookiesIn(line: string, cookieName: string): GivenCookie[] {
  // As curl --verbose prints them, too.
  const [, header = '', content = ''] = /^(?:[<>] *)?(cookie:|set-cookie:|) *(.*)$/i.exec(line) ?? [];
  if (content === '') return [];
  if (header === '' && (PADDED.test(content) || recognise(content, undefined) !== undefined)) {
    return [cookie(cookieName, content)];
  }
  const pairs = content.split(';').flatMap(pairOf);
  const [first] = pairs;
  if (first === undefined) return header === '' ? [cookie(cookieName, content)] : [];
  const isSetCookie = /^set/i.test(header) || /; *(?:httponly|path=|samesite=|max-age=)/i.test(content);
  return isSetCookie ? [{ ...first, size: Buffer.byteLength(content) }] : pairs;
}

function pairOf(text: string): GivenCookie[] {
  const [, name = '', value = ''] = /^[ \t]*([^=]*)=(.*)$/.exec(text) ?? [];
  return COOKIE_NAME[0](name) ? [cookie(name, value.trim())] : [];
}

function cookie(name: string, value: string): GivenCookie {
  return { name, value, size: Buffer.byteLength(`${name}=${value}`) };
}

/** The tokens under one name, put together as a server does it. */
function candidatesOf(cookieName: string, given: readonly GivenCookie[]): Candidate[] {
  const cookies = given.filter(({ name }) => name === cookieName || name.startsWith(`${cookieName}.`));
  const header = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const names = Array.from({ length: MAX_CHUNKS }, (_, index) => chunkName(cookieName, index));
  const found = names.map((name) => cookies.find((each) => each.name === name && each.value !== ''));
  const end = found.indexOf(undefined);
  const chunks = found.slice(0, end === -1 ? MAX_CHUNKS : end);
  const tokens = chunks.length > 1 ? joinChunks(header, cookieName, chunks.length) : readCookies(header, cookieName);
  const companions = readCookies(header, `${cookieName}.sig`);
  return [...tokens].map((token, index) => {
    const companion = companions[index] ?? companions[0];
    const parts = cookies.filter(({ name, value }) => name === cookieName && value === token);
    const sizes = (parts.length > 0 ? parts.slice(0, 1) : chunks).map((part) => part?.size ?? 0);
    return { cookieName, token, companion, recognised: recognise(token, companion), sizes };
  });
}
