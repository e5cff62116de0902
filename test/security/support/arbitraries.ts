import * as fc from 'fast-check';

/** UTF-16 units at random, lone surrogates among them. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
  .map((codes) => String.fromCharCode(...codes));
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 10 }), units);

const namesOfOurs = ['jti', 'iat', 'exp', 'ttl', 'data', 'ok', 'claims', 'stale', 'reason', 'session'];
const namesOfObjects = [
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'valueOf',
  'hasOwnProperty',
  'length',
  'then',
];

const key = fc
  .oneof(
    text,
    fc.string({ maxLength: 8 }),
    fc.nat().map(String),
    fc.constantFrom('', '0', '-1', '4294967295', ' ', '__proto', '__defineGetter__', ...namesOfOurs, ...namesOfObjects),
  )
  .filter((name) => name !== '__proto__');

const leaf = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, undefined, '', 0, -0, 5e-324, Number.MAX_VALUE, 2 ** 53, '__proto__', '\ud800', '\u2028'),
);

const { value } = fc.letrec<{ value: unknown; list: unknown[]; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
}));

/** What a program may put into a session: whatever JSON takes, with all that strings, numbers and keys may be. */
export const sessionData = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
