import { describe, expect, it } from '@jest/globals';
import { JSON_FORMAT, serializerFormat } from '../../../lib/data/data-format.js';
import { hasData, isOlderThanCookie, readRecord, writeRecord } from '../../../lib/session/record.js';
import { adoptionKey, recordKey, subjectKey } from '../../../lib/session/record-key.js';

describe('The text of a record', () => {
  it.each([
    ['{"a":1}', {}, '{"a":1}'],
    ['{"a":1}', { ttl: 60 }, '60 {"a":1}'],
    ['{}', { ttl: 1 }, '1 {}'],
    ['{}', { ttl: 60, abs: 3600 }, '60,3600 {}'],
    ['{}', { abs: 3600 }, ',3600 {}'],
  ])('%s with the lifetime %j is %s and can be read', (text, times, written) => {
    expect(writeRecord(text, times)).toBe(written);
    expect(readRecord(written, JSON_FORMAT)).toEqual({ data: JSON.parse(text), text, times });
  });

  it('is what a serializer writes', () => {
    const format = serializerFormat({
      stringify: (data) => `<${JSON.stringify(data)}>`,
      parse: (text) => JSON.parse(text.slice(1, -1)) as unknown,
    });
    const text = format.write({ a: 1 });
    expect(readRecord(writeRecord(text, { ttl: 60 }), format)).toEqual({ data: { a: 1 }, text, times: { ttl: 60 } });
  });

  it.each([
    ['', {}, ''],
    ['', { ttl: 60, abs: 3600 }, '60,3600 '],
    ['{"a":1}', {}, '~{"a":1}'],
    ['{"a":1}', { ttl: 60 }, '60 ~{"a":1}'],
  ])('%s with the lifetime %j that is older than the cookie is %s and can be read', (text, times, written) => {
    expect(writeRecord(text, times, true)).toBe(written);
    const data: unknown = text === '' ? undefined : JSON.parse(text);
    expect(readRecord(written, JSON_FORMAT)).toEqual({ data, text, times });
    expect([isOlderThanCookie(written), hasData(written)]).toEqual([true, text !== '']);
  });

  it('says whether it is older than the cookie by a mark that no data begins with', () => {
    expect(['{"a":"~"}', '60 {}', '"~"'].map(isOlderThanCookie)).toEqual([false, false, false]);
  });

  it.each([
    '{',
    '~{',
    '~~{}',
    '60',
    '0 {}',
    '99999999999 {}',
    '60,0 {}',
    '60, {}',
    '[]',
    'null',
    '1',
    '"text"',
    '{"__proto__":{}}',
    '{"a":{"__proto__":{}}}',
  ])('is no session: %s', (written) => {
    expect(readRecord(written, JSON_FORMAT)).toBeUndefined();
  });
});

describe('The keys of a record', () => {
  it('are hashes that depend on purpose, cookie and value', () => {
    const keys = [
      recordKey('a', { id: 'x' }),
      recordKey('b', { id: 'x' }),
      recordKey('a', { id: 'y' }),
      recordKey('a', { id: 'x', rk: 'y' }),
      adoptionKey('a', 'x'),
      subjectKey('a', 'x'),
    ];
    expect(new Set(keys).size).toBe(6);
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
  });

  it('are the SHA-256 of the lines purpose, cookie name, value', () => {
    expect(recordKey('session', { id: 'id' })).toBe('otKwQMhK87b_YNRTZVX8HAezICT5QjFa-1VizII4jko');
  });
});
