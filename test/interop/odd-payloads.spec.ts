import { describe, expect, it } from '@jest/globals';
import { MAX_DEPTH } from '../../lib/data/serializable.js';
import { FORGE } from './support/forge.js';
import { formatFor, NAMES, open } from './support/formats.js';

const MALFORMED = { ok: false, reason: 'malformed' };
const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe.each(NAMES)('An authentic cookie of %s', (name) => {
  const format = formatFor(name);
  const forge = FORGE[name];

  it.each(['{}', '{"user":"ada"}', '{ "a" : [ 1 ] }', nested(MAX_DEPTH)])('is a session: %.20s', (payload) => {
    expect(open(format, forge(payload))).toMatchObject({ ok: true, data: JSON.parse(payload) });
  });

  it.each([
    '',
    ' ',
    'null',
    '[]',
    '[{}]',
    '1',
    '"text"',
    'true',
    '{',
    '{}{}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":undefined}',
    '{"__proto__":{"admin":true}}',
    '{"a":{"b":[{"__proto__":1}]}}',
    '{"\\u005f_proto__":null}',
    nested(MAX_DEPTH + 1),
    '['.repeat(2000),
  ])('is none with %.40s', (payload) => {
    expect(open(format, forge(payload))).toEqual(MALFORMED);
  });

  it('is none with bytes that are no UTF-8, or with a byte order mark', () => {
    expect(open(format, forge(Buffer.from('7b2261223a22ff227d', 'hex')))).toEqual(MALFORMED);
    expect(open(format, forge('\ufeff{"a":1}'))).toEqual(MALFORMED);
  });

  it('takes NaN and large integers if Python wrote it', () => {
    const opened = open(format, forge('{"n": NaN, "id": 9007199254740993}'));
    const data = { n: null, id: '9007199254740993' };
    expect(opened).toMatchObject(name === 'cookie-session' ? MALFORMED : { ok: true, data });
  });

  it('keeps keys that objects have by themselves, as own ones', () => {
    const opened = open(format, forge('{"constructor":1,"toString":{"valueOf":2}}'));
    expect(opened.ok && Object.entries(opened.data)).toEqual([
      ['constructor', 1],
      ['toString', { valueOf: 2 }],
    ]);
  });

  it('is none with any text in its place, and throws for none', () => {
    const [value] = forge('{}');
    const texts = [
      '',
      '.',
      '..',
      '...',
      '....',
      '=',
      'null',
      '.e30.aaaa',
      '\0',
      '\ud800',
      '😀'.repeat(9),
      'A'.repeat(4096),
    ];
    for (const text of [...texts, `.${value}`, `${value}.`]) {
      expect(open(format, [text]).ok).toBe(false);
      expect(open(format, [text, 'A'.repeat(27), 'B']).ok).toBe(false);
    }
  });
});
