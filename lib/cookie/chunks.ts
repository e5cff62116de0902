import { readCookies } from './cookie-header.js';

/** The most cookies that one session may be spread over. */
export const MAX_CHUNKS = 16;

/** How many ways of putting chunks together are tried, where a client sends several cookies of one name. */
const MAX_COMBINATIONS = 16;

/** `session`, `session.1`, `session.2` … */
export function chunkName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}

/** Which of our cookies a Cookie header has, whether or not they make sense. */
export function presentChunks(header: string | undefined, name: string): string[] {
  if (header === undefined || !header.includes(name)) return [];
  const count = header.includes(`${name}.`) ? MAX_CHUNKS : 1;
  const names = Array.from({ length: count }, (_, index) => chunkName(name, index));
  return names.filter((chunk) => readCookies(header, chunk).length > 0);
}

/**
 * Puts together what may be the token, most likely first: all chunks up to the first missing one, then fewer, as stray
 * ones may lie behind the last; then the same with other cookies of the same names. Nearly all of these lack a token's
 * shape, which a codec sees before any cryptography.
 *
 * @returns at most 16 candidates, whatever names and however many cookies a client invents
 */
export function* joinChunks(header: string | undefined, name: string, count: number): Generator<string> {
  const chunks: string[][] = [];
  while (chunks.length < count) {
    const values = readCookies(header, chunkName(name, chunks.length)).filter((value) => value !== '');
    if (values.length === 0) break;
    chunks.push(values);
  }
  let sources = chunks.map((_, index) => combinations(chunks.slice(0, chunks.length - index)));
  for (let left = MAX_COMBINATIONS; left > 0 && sources.length > 0;) {
    const round = sources.slice(0, left).map((source) => ({ source, next: source.next() }));
    for (const { next } of round) if (!next.done) yield next.value;
    left -= round.length;
    sources = round.filter(({ next }) => !next.done).map(({ source }) => source);
  }
}

/** Every way of taking one value of each chunk, joined; the last chunk changes fastest. */
function* combinations(chunks: readonly (readonly string[])[], joined = ''): Generator<string> {
  if (chunks.length === 0) {
    yield joined;
    return;
  }
  for (const value of chunks.slice(0, 1).flat()) yield* combinations(chunks.slice(1), joined + value);
}
