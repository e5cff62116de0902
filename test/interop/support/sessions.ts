import * as fc from 'fast-check';
import type { SessionRecord } from '../../../lib/data/session-data.js';

/** Any characters but half surrogate pairs, which not every library can write. */
const text = fc.string({ unit: 'binary', maxLength: 12 });

/** Names that mean something to one of the formats, where they mean nothing to all others. */
const key = fc
  .oneof(
    text,
    fc.string({ maxLength: 8 }),
    fc.nat().map(String),
    fc.constantFrom('', ' t', ' b', ' m', ' u', ' d', ' di', ' t__', '_permanent', 'user', 'jwt', 'data', 'NaN'),
  )
  .filter((name) => name !== '__proto__' && !(name in {}));

const leaf = fc.oneof(
  text,
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, '', 0, 0.1, 5e-324, Number.MAX_VALUE, 1e21, 2 ** 53, 2 ** 60, 1e20, 'NaN', '-Infinity'),
  fc.constantFrom('"', '\\', '\\"1e400', '1234567890123456789', ':NaN,', 'Zoë', '日本', '😀', '\u0000', '\u2028'),
);

const { value } = fc.letrec<{ value: unknown; list: unknown[]; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 5, depthSize: 'small' }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
}));

const session = fc
  .dictionary(key, value, { maxKeys: 5, noNullPrototype: true })
  // As the session itself has it once it was JSON: no -0.
  .map((data) => JSON.parse(JSON.stringify(data)) as SessionRecord)
  .filter((data) => JSON.stringify(data).length < 1000);

/** So many sessions, the empty one among them; the same ones for the same `seed`. */
export function sessions(count: number, seed: number): readonly SessionRecord[] {
  return [{}, ...fc.sample(session, { numRuns: count - 1, seed })];
}
