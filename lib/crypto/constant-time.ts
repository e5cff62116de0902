import { timingSafeEqual } from 'node:crypto';

/**
 * Compares a signature in constant time, as text: base64 has spare bits and Node's decoder skips foreign characters, so
 * several texts decode to one signature. UTF-8 keeps different texts different, except for lone surrogates: those become
 * U+FFFD, which no signature contains. The length of a signature is no secret.
 */
export function equalsInConstantTime(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}
