import { nestedJson, nestedListsJson } from '../../support/nested.js';
import { ID } from './modes.js';

/** What authentic data, or a payload, turns out to be for the handler. */
type Expected = 'fresh' | 'session';
export type OddData = readonly [title: string, data: string, expected: Expected];
export type OddPayload = readonly [title: string, payload: string | Buffer, expected: Expected];

/** A session with this text for its data, that lives now. */
export function withData(data: string, more = ''): string {
  const now = Math.floor(Date.now() / 1000);
  return `{"jti":"${ID}","iat":${now},"exp":${now + 1000},"data":${data}${more}}`;
}

const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 0])));
const valid = () => withData('{"user":"ada"}');

/** Data that a holder of the key might sign, in any format: by mistake, by another version, by another program. */
export const ODD_DATA: readonly OddData[] = [
  ...Object.entries({
    nothing: '{}',
    'a value': '{"user":"ada"}',
    blanks: ' { "a" : [ 1 ] } ',
    constructor: '{"constructor":{"prototype":{"isAdmin":true}}}',
    toString: '{"toString":{"valueOf":1},"valueOf":2,"hasOwnProperty":3,"toJSON":4,"then":5}',
    'keys of ours': '{"jti":"a","iat":2,"ttl":4,"data":5,"ok":false,"get":6,"set":7}',
    'a key twice': '{"user":"eve","user":"ada"}',
    'an empty key': '{"":{"":[]}}',
    'lone surrogates': '{"user":"\\ud800","\\udc00":1}',
    'control characters, escaped': '{"\\u0000\\r\\n":"\\u0000; Path=/evil"}',
    '100 keys': keys(100),
    '100 levels of lists': nestedListsJson(100),
    '100 levels of objects': nestedJson(100),
  }).map(([title, data]): OddData => [title, data, 'session']),
  ...['', ' ', '\0', 'null', 'true', '1', '-1', '1e400', '""', '"text"', '[]', '[1]', '[{}]', '{', '{}{}'].map(
    (data): OddData => [JSON.stringify(data), data, 'fresh'],
  ),
  ...['{"a":1,}', "{'a':1}", '{"a":undefined}', '{"__proto__":{"isAdmin":true}}'].map((data): OddData => [
    data,
    data,
    'fresh',
  ]),
  ['__proto__ further in', '{"a":{"b":[{"__proto__":1}]}}', 'fresh'],
  ['__proto__, escaped and further in', '{"a":[{"\\u005f\\u005fproto__":{}}]}', 'fresh'],
  ['__proto__, escaped', '{"\\u005f_proto__":null}', 'fresh'],
  ['a byte order mark', '\ufeff{"a":1}', 'fresh'],
  ['a comment', '{"a":1} // comment', 'fresh'],
  ['101 levels of lists', nestedListsJson(101), 'fresh'],
  ['101 levels of objects', nestedJson(101), 'fresh'],
  ['500 levels of objects', nestedJson(500), 'fresh'],
  ['2000 lists that do not end', '['.repeat(2000), 'fresh'],
];

/** Payloads of our tokens: odd data, odd claims, and what is no payload at all. */
export function oddPayloads(): OddPayload[] {
  const fresh: [string, string | Buffer][] = [
    ...['[]', '[[]]', '0', '-1', '1e400', '""', '"data"', 'null', 'true', '{}', '', ' ', '\0'].map(
      (text): [string, string] => [JSON.stringify(text), text],
    ),
    ['an array around a session', `[${valid()}]`],
    ['a session twice', valid() + valid()],
    ['a byte order mark before it', `\ufeff${valid()}`],
    ['a trailing comma', valid().replace(/\}$/, ',}')],
    ['a comment behind it', `${valid()} // comment`],
    ['single quotes', valid().replaceAll('"', "'")],
    ['half of it', valid().slice(0, 40)],
    ['UTF-16', Buffer.from(valid(), 'utf16le')],
    ['random bytes', Buffer.from(Array.from({ length: 256 }, (_, at) => (at * 167) % 256))],
    ['a gzip header', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ['__proto__ beside the claims', valid().replace('{', '{"__proto__":{"isAdmin":true},')],
    ['NaN', withData('{"a":NaN}')],
    ['no data', valid().replace('"data"', '"date"')],
    ['an id that is an object', valid().replace(`"${ID}"`, '{"toString":1}')],
    ['an id with a line break', valid().replace(ID, 'a\\r\\nSet-Cookie: a=b')],
    ['an id of 65 characters', valid().replace(ID, 'a'.repeat(65))],
    ['an infinite ttl', withData('{}', ',"ttl":1e400')],
    ['a ttl that is an array', withData('{}', ',"ttl":[60]')],
    ['exp twice, the last in text', withData('{}', ',"exp":"9"')],
    ['3000 levels of lists', withData(nestedListsJson(3000))],
    ['1500 levels of objects', withData(nestedJson(1500))],
  ];
  const sessions: [string, string | Buffer][] = [
    ['an infinite number inside', withData('{"a":1e400}')],
    ['claims among the data', withData('{"jti":1,"iat":2,"exp":3,"ttl":4}')],
    ['data twice', withData('{"user":"eve"}', ',"data":{"user":"ada"}')],
    ['invalid UTF-8 in a value', Buffer.from(withData('{"user":"\xff\xc0\x80"}'), 'latin1')],
    ['800 keys', withData(keys(800))],
  ];
  return [
    ...ODD_DATA.map(([title, data, expected]): OddPayload => [`data: ${title}`, withData(data), expected]),
    ...fresh.map(([title, payload]): OddPayload => [title, payload, 'fresh']),
    ...sessions.map(([title, payload]): OddPayload => [title, payload, 'session']),
  ];
}

/** Payloads that no Cookie header can carry, for the codecs alone. */
export function largePayloads(): OddPayload[] {
  return [
    ['5000 keys', withData(keys(5000)), 'session'],
    ['100000 levels of lists', withData(nestedListsJson(100_000)), 'fresh'],
    ['100000 levels of objects', withData(nestedJson(100_000)), 'fresh'],
    ['a megabyte of text', withData(`{"a":"${'x'.repeat(1_000_000)}"}`), 'session'],
  ];
}
