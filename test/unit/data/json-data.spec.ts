import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { copyJson, isSafeJson, isSafeText } from '../../../lib/data/json-data.js';
import { MAX_DEPTH } from '../../../lib/data/serializable.js';
import { nested } from '../../support/nested.js';

describe('isSafeJson', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'text'],
    ['nothing', {}],
    ['lists and objects', { a: [1, { b: [[]] }], c: null }],
    ['keys that every object inherits', JSON.parse('{"constructor":1,"toString":{"valueOf":2}}')],
    ['100 levels, the outermost included', nested(100)],
    ['100 levels of lists', JSON.parse('['.repeat(100) + ']'.repeat(100))],
  ])('accepts %s', (_, value) => {
    expect(isSafeJson(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['101 levels', nested(101)],
    ['101 levels of lists', JSON.parse('['.repeat(101) + ']'.repeat(101))],
    ['levels far beyond the stack', nested(200_000)],
    ['a __proto__ key', JSON.parse('{"__proto__":{}}')],
    ['a __proto__ key deep inside', JSON.parse('{"a":[1,{"b":{"__proto__":1}}]}')],
    ['a __proto__ key written with an escape', JSON.parse('{"a":{"\\u005f_proto__":1}}')],
  ])('refuses %s', (_, value) => {
    expect(isSafeJson(value)).toBe(false);
    expect(MAX_DEPTH).toBe(100);
  });
});

describe('isSafeText', () => {
  it.each<[string, string]>([
    ['data as usual', '{"user":"ada","cart":[{"sku":"B-1"}],"line":"a\\nb","é":"ü"}'],
    ['100 brackets', JSON.stringify(nested(100))],
    ['100 brackets side by side', `[${'{},'.repeat(98)}{}]`],
  ])('accepts %s', (_, json) => {
    expect(isSafeText(json)).toBe(true);
    expect(isSafeJson(JSON.parse(json))).toBe(true);
  });

  it.each<[string, string]>([
    ['101 levels', JSON.stringify(nested(101))],
    ['101 levels of lists', '['.repeat(101) + ']'.repeat(101)],
    ['101 levels of both', `${'[{"a":'.repeat(50)}[${'}]'.repeat(50)}]`],
    ['levels far beyond the stack', '['.repeat(200_000)],
    ['a __proto__ key deep inside', '{"a":[1,{"b":{"__proto__":1}}]}'],
    ['a __proto__ key written with an escape', '{"a":{"\\u005f_proto__":1}}'],
  ])('is not sure of %s', (_, json) => {
    expect(isSafeText(json)).toBe(false);
  });
});

describe('isSafeText, of any JSON', () => {
  const seed = Date.now() % 2 ** 31;
  process.stdout.write(`isSafeText: fast-check seed ${seed}\n`);
  const spelled = fc
    .tuple(
      fc.constantFrom('__proto__', '__proto_', 'a'),
      fc.infiniteStream(fc.constantFrom('plain', 'escaped', 'upper')),
    )
    .map(([key, ways]) => `"${Array.from(key, (letter) => spell(letter, ways.next().value)).join('')}"`);
  const space = fc.constantFrom('', ' ', '\n\t\r ');
  const { json } = fc.letrec<{ json: string }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.json({ maxDepth: 1 }),
      fc
        .tuple(spelled, space, tie('json'), spelled, tie('json'))
        .map(([a, gap, x, b, y]) => `{${a}${gap}:${x},${gap}${b}:${y}}`),
      fc.tuple(fc.integer({ min: 1, max: 101 }), tie('json')).map(([n, x]) => '['.repeat(n) + x + ']'.repeat(n)),
    ),
  }));

  it('says yes only where isSafeJson does', () => {
    fc.assert(
      fc.property(json, (text) => !isSafeText(text) || isSafeJson(JSON.parse(text))),
      { seed, numRuns: 2000 },
    );
  });
});

function spell(letter: string, way: string): string {
  if (way === 'plain') return letter;
  const code = letter.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${way === 'upper' ? code.toUpperCase() : code}`;
}

describe('copyJson', () => {
  it('copies all levels, and shares none', () => {
    const value = { a: [1, { b: 'x' }], c: null, d: { e: [] } };
    const copy = copyJson(value);
    expect(copy).toStrictEqual(value);
    expect([copy.a === value.a, copy.a[1] === value.a[1], copy.d.e === value.d.e]).toStrictEqual([false, false, false]);
  });
});
