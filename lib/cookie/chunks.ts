import { readCookies } from './cookie-header.js';

/** Maximum number of cookies per session. */
export const MAX_CHUNKS = 16;

/** Maximum number of combinations to try when a client sends several cookies of one name. */
const MAX_COMBINATIONS = 16;

/** Name of the chunk at `index`: `session`, `session.1`, `session.2` … */
export function chunkName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}

/** Names of our cookies in a Cookie header, valid or not. */
export function presentChunks(header: string | undefined, name: string): string[] {
  if (header === undefined || !header.includes(name)) return [];
  const count = header.includes(`${name}.`) ? MAX_CHUNKS : 1;
  const names = Array.from({ length: count }, (_, index) => chunkName(name, index));
  return names.filter((chunk) => readCookies(header, chunk).length > 0);
}

/**
 * Joins chunks to candidates for the token, most likely first: all chunks up to the first gap, then fewer, because
 * stray ones may follow the last; then the same with further cookies of these names. A wrong candidate is cheap: nearly
 * all lack a token's shape, which a codec checks before any cryptography.
 *
 * @returns at most 16 candidates, however many cookies a client sends
 */
export function* joinChunks(header: string | undefined, name: string, count: number): Generator<string> {
  const chunks: string[][] = [];
  while (chunks.length < count) {
    const values = readCookies(header, chunkName(name, chunks.length)).filter((value) => value !== '');
    if (values.length === 0) break;
    chunks.push(values);
  }
  let sources = chunks.map((_, index) => combinations(chunks.slice(0, chunks.length - index)));
  for (let remaining = MAX_COMBINATIONS; remaining > 0 && sources.length > 0;) {
    const round = sources.slice(0, remaining).map((source) => ({ source, next: source.next() }));
    for (const { next } of round) if (!next.done) yield next.value;
    remaining -= round.length;
    sources = round.filter(({ next }) => !next.done).map(({ source }) => source);
  }
}

/** Every combination of one value per chunk, joined; the last chunk varies fastest. */
function* combinations(chunks: readonly (readonly string[])[], joined = ''): Generator<string> {
  if (chunks.length === 0) {
    yield joined;
    return;
  }
  for (const value of chunks.slice(0, 1).flat()) yield* combinations(chunks.slice(1), joined + value);
}
