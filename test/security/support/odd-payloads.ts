import { ID } from './modes.js';

/** What an authentic payload may turn out to be for the handler. */
type Expected = 'fresh' | 'session';
export type OddPayload = readonly [title: string, payload: string | Buffer, expected: Expected];

/** A session with this text for its data, that lives now. */
export function withData(data: string, more = ''): string {
  const now = Math.floor(Date.now() / 1000);
  return `{"jti":"${ID}","iat":${now},"exp":${now + 1000},"data":${data}${more}}`;
}

const nested = (depth: number) => withData(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
const nestedObjects = (depth: number) => withData(`{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);
const keys = (count: number) =>
  withData(JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 0]))));
const valid = () => withData('{"user":"ada"}');

/** Payloads that somebody with the key might sign: by mistake, by another version, by another program. */
export function oddPayloads(): OddPayload[] {
  const whole: [string, string | Buffer][] = [
    ...['[]', '[[]]', '0', '-1', '1e400', '""', '"data"', 'null', 'true', '{}', '', ' ', '\0'].map(
      (text): [string, string] => [JSON.stringify(text), text],
    ),
    ['an array around a session', `[${valid()}]`],
    ['a session twice', valid() + valid()],
    ['a byte order mark', `\ufeff${valid()}`],
    ['a trailing comma', valid().replace(/\}$/, ',}')],
    ['a comment', `${valid()} // comment`],
    ['single quotes', valid().replaceAll('"', "'")],
    ['half of it', valid().slice(0, 40)],
    ['UTF-16', Buffer.from(valid(), 'utf16le')],
    ['random bytes', Buffer.from(Array.from({ length: 256 }, (_, at) => (at * 167) % 256))],
    ['a gzip header', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ['__proto__ beside the claims', valid().replace('{', '{"__proto__":{"isAdmin":true},')],
  ];
  const data = [
    '[]',
    '[1]',
    '1',
    'null',
    'true',
    '1e400',
    '{"a":1,}',
    '{"__proto__":{"isAdmin":true}}',
    '{"a":NaN}',
    "{'a':1}",
  ];
  const claims: [string, string][] = [
    ['no data', valid().replace('"data"', '"date"')],
    ['an id that is an object', valid().replace(`"${ID}"`, '{"toString":1}')],
    ['an id with a line break', valid().replace(ID, 'a\\r\\nSet-Cookie: a=b')],
    ['an id of 65 characters', valid().replace(ID, 'a'.repeat(65))],
    ['an infinite ttl', withData('{}', ',"ttl":1e400')],
    ['a ttl that is an array', withData('{}', ',"ttl":[60]')],
    ['exp twice, the last in text', withData('{}', ',"exp":"9"')],
  ];
  const harmless: [string, string | Buffer][] = [
    ['constructor', withData('{"constructor":{"prototype":{"isAdmin":true}}}')],
    ['toString', withData('{"toString":1,"valueOf":2,"hasOwnProperty":3,"toJSON":4,"then":5}')],
    ['keys of ours', withData('{"jti":1,"iat":2,"exp":3,"ttl":4,"data":5,"ok":false,"get":6,"set":7}')],
    ['an infinite number inside', withData('{"a":1e400}')],
    ['a key twice', withData('{"user":"eve","user":"ada"}')],
    ['data twice', withData('{"user":"eve"}', ',"data":{"user":"ada"}')],
    ['an empty key', withData('{"":{"":[]}}')],
    ['invalid UTF-8 in a value', Buffer.from(withData('{"user":"\xff\xc0\x80"}'), 'latin1')],
    ['lone surrogates', withData('{"user":"\\ud800","\\udc00":1}')],
    ['control characters, escaped', withData('{"\\u0000\\r\\n":"\\u0000; Path=/evil"}')],
    ['800 keys', keys(800)],
    ['99 levels', nested(99)],
  ];
  return [
    ...whole.map(([title, payload]): OddPayload => [title, payload, 'fresh']),
    ...data.map((text): OddPayload => [`data ${text}`, withData(text), 'fresh']),
    ...claims.map(([title, payload]): OddPayload => [title, payload, 'fresh']),
    ['depth 101', nested(100), 'fresh'],
    ['depth 3000', nested(3000), 'fresh'],
    ['depth 1500 of objects', nestedObjects(1500), 'fresh'],
    ...harmless.map(([title, payload]): OddPayload => [title, payload, 'session']),
  ];
}

/** What no Cookie header can carry, for the codecs alone. */
export function largePayloads(): OddPayload[] {
  return [
    ['5000 keys', keys(5000), 'session'],
    ['depth 100000', nested(100_000), 'fresh'],
    ['depth 100000 of objects', nestedObjects(100_000), 'fresh'],
    ['a megabyte of text', withData(`{"a":"${'x'.repeat(1_000_000)}"}`), 'session'],
  ];
}
