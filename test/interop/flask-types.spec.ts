import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { tag, untag } from '../../lib/interop/python/tagged-json.js';
import { compressed, FORGE, forgeFlask } from './support/forge.js';
import { formatFor, open, write } from './support/formats.js';

const format = formatFor('flask');
const dataOf = (tagged: unknown) => {
  const opened = open(format, FORGE.flask(JSON.stringify({ v: tagged })));
  return opened.ok ? opened.data['v'] : opened.reason;
};

/** A session of so many bytes. */
const json = (size: number) => JSON.stringify({ a: 'x'.repeat(size - '{"a":""}'.length) });

describe('The types of Flask', () => {
  it.each([
    ['a tuple', { ' t': [1, { ' t': [] }] }, [1, []]],
    ['bytes', { ' b': 'AP8=' }, 'AP8='],
    ['markup', { ' m': '<b>' }, '<b>'],
    ['a UUID', { ' u': '12345678123456781234567812345678' }, '12345678-1234-5678-1234-567812345678'],
    ['a datetime', { ' d': 'Thu, 29 Feb 2024 12:30:45 GMT' }, '2024-02-29T12:30:45.000Z'],
    ['an early datetime', { ' d': 'Mon, 01 Jan 0001 00:00:00 GMT' }, '0001-01-01T00:00:00.000Z'],
    ['a dict with the key of a tag', { ' di': { ' t__': [1] } }, { ' t': [1] }],
    ['such a dict within one', { ' di': { ' di__': { ' di': { ' u__': 1 } } } }, { ' di': { ' u': 1 } }],
    ['a tag of its own', { ' od': [['a', 1]] }, { ' od': [['a', 1]] }],
    ['an object with one more key than a tag', { ' t': 1, a: 2 }, { ' t': 1, a: 2 }],
  ])('are plain data: %s', (_, tagged, expected) => {
    expect(dataOf(tagged)).toStrictEqual(expected);
  });

  it.each([
    { ' t': 1 },
    { ' t': 'ab' },
    { ' t': { a: 1 } },
    { ' b': 1 },
    { ' b': 'AP8' },
    { ' b': 'AP9=' },
    { ' m': null },
    { ' u': 'ada' },
    { ' u': '12345678-1234-5678-1234-567812345678' },
    { ' u': 1 },
    { ' d': 0 },
    { ' d': '2024-02-29' },
    { ' d': 'Fri, 30 Feb 2024 12:30:45 GMT' },
    { ' d': 'Thu, 29 Fec 2024 12:30:45 GMT' },
    { ' d': 'Thu, 29 Feb 2024 25:30:45 GMT' },
    { ' di': {} },
    { ' di': [1] },
    { ' di': null },
    { ' di': { a: 1 } },
    { ' di': { a__: 1, b__: 2 } },
  ])('are refused with a value that Flask does not write: %j', (tagged) => {
    expect(dataOf(tagged)).toBe('malformed');
  });

  it('bring no __proto__ to light', () => {
    expect(dataOf({ ' di': { __proto____: { admin: true } } })).toBe('malformed');
    expect(open(format, FORGE.flask('{" di":{"__proto____":{}}}'))).toEqual({ ok: false, reason: 'malformed' });
  });

  it('make no session of a root that is a tag of something else', () => {
    for (const root of ['{" t":[]}', '{" m":"a"}', '{" b":""}']) {
      expect(open(format, FORGE.flask(root))).toEqual({ ok: false, reason: 'malformed' });
    }
    expect(open(format, FORGE.flask('{" di":{" t__":1}}'))).toMatchObject({ ok: true, data: { ' t': 1 } });
  });

  it('are written so that an object is never taken for one', () => {
    const key = fc.constantFrom(' t', ' b', ' m', ' u', ' d', ' di', ' t__', '', 'a');
    const { value } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.integer(),
        fc.string(),
        fc.array(tie('value'), { maxLength: 2 }),
        tie('object'),
      ),
      object: fc.dictionary(key, tie('value'), { maxKeys: 2, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(value, (data) => {
        expect(untag(JSON.parse(JSON.stringify(tag(data))))).toStrictEqual(data);
      }),
    );
  });
});

describe('The zlib of Flask', () => {
  it('is taken and written where it is shorter', () => {
    const data = { text: 'again and '.repeat(100) };
    const [value] = write(format, data);
    expect(value).toMatch(/^\.[\w-]{20,100}\.[\w-]{6}\.[\w-]{27}$/);
    expect(open(format, [value])).toMatchObject({ ok: true, data });
    expect(open(format, forgeFlask(compressed('{}')))).toMatchObject({ ok: true, data: {} });
  });

  it('is inflated to 64 kB and no further', () => {
    expect(open(format, forgeFlask(compressed(json(65_536))))).toMatchObject({ ok: true });
    for (const size of [65_537, 1_000_000, 2_500_000]) {
      const values = forgeFlask(compressed(json(size)));
      expect(values[0].length).toBeLessThan(4096);
      expect(open(format, values)).toEqual({ ok: false, reason: 'too-large' });
    }
  });

  it.each(['.', '.e30', '..e30', compressed('{}').slice(0, -4), `.A${compressed('{}')}`, 'e30=', 'e31', '.=='])(
    'is refused broken: %s',
    (payload) => {
      expect(open(format, forgeFlask(payload))).toEqual({ ok: false, reason: 'malformed' });
    },
  );
});
