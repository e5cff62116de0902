import type { SessionClaims } from '../../../lib/codec/session-codec.js';
import type { SessionRecord } from '../../../lib/data/session-data.js';
import { nested, nestedJson } from '../../support/nested.js';

const times = '"iat":10,"exp":20';
const LONG_ID = 'aZ09-_bY'.repeat(8);
const UUID = '123e4567-e89b-42d3-a456-426614174000';
const plain = { jti: 'id', iat: 10, exp: 20, ttl: undefined } satisfies SessionClaims;

/** Authentic payloads that are a session, though we would not write all of them like this. */
export const WELL_FORMED_PAYLOADS: [
  title: string,
  payload: string,
  claims: SessionClaims,
  data: SessionRecord | string,
][] = [
  ['as we write it', `{"jti":"id",${times},"data":{"a":1}}`, plain, { a: 1 }],
  ['other order and blanks', ' { "data" : {} ,\n"exp":20,"iat":10, "jti":"id" } ', plain, {}],
  ['claims unknown to us', `{"jti":"id","iss":"me",${times},"nbf":5,"data":{}}`, plain, {}],
  ['times with a fraction', '{"jti":"id","iat":10.25,"exp":20.5,"data":{}}', { ...plain, iat: 10.25, exp: 20.5 }, {}],
  ['times at zero', '{"jti":"id","iat":0,"exp":0,"data":{}}', { ...plain, iat: 0, exp: 0 }, {}],
  ['a ttl', `{"jti":"id",${times},"ttl":60,"data":{}}`, { ...plain, ttl: 60 }, {}],
  ['a ttl with a fraction', `{"jti":"id",${times},"ttl":0.5,"data":{}}`, { ...plain, ttl: 0.5 }, {}],
  [
    'the last second of Date',
    '{"jti":"id","iat":0,"exp":8640000000000,"data":{}}',
    { ...plain, iat: 0, exp: 8.64e12 },
    {},
  ],
  ['a key called constructor', `{"jti":"id",${times},"data":{"constructor":1}}`, plain, { constructor: 1 }],
  ['data that is a text', `{"jti":"id",${times},"data":"{}"}`, plain, '{}'],
  ['data that is no text', `{"jti":"id",${times},"data":""}`, plain, ''],
  ['data nested 100 levels deep', `{"jti":"id",${times},"data":${nestedJson(100)}}`, plain, nested(100)],
  ['a long jti', `{"jti":"${LONG_ID}",${times},"data":{}}`, { ...plain, jti: LONG_ID }, {}],
  ['a UUID for a jti', `{"jti":"${UUID}",${times},"data":{}}`, { ...plain, jti: UUID }, {}],
  ['a claim twice: the last counts', `{"jti":"x","jti":"id",${times},"data":{}}`, plain, {}],
];

/** Authentic payloads that are no session. */
export const MALFORMED_PAYLOADS: [title: string, payload: string][] = [
  ['empty', ''],
  ['no JSON', 'session'],
  ['JSON cut off', `{"jti":"id",${times},"data":{}`],
  ['JSON with a byte order mark', `\ufeff{"jti":"id",${times},"data":{}}`],
  ['JSON with something behind it', `{"jti":"id",${times},"data":{}}{}`],
  ['null', 'null'],
  ['a number', '1'],
  ['a string', '"session"'],
  ['true', 'true'],
  ['an array', `[{"jti":"id",${times},"data":{}}]`],
  ['an empty object', '{}'],
  ['no jti', `{${times},"data":{}}`],
  ['an empty jti', `{"jti":"",${times},"data":{}}`],
  ['a jti of 65 characters', `{"jti":"${LONG_ID}A",${times},"data":{}}`],
  ...['an id', 'a.b', 'a=', 'a+b', 'a/b', 'é', 'id\\n', '\\nid', '\\"', 'id\\u0000'].map<[string, string]>((id) => [
    `a jti ${id}`,
    `{"jti":"${id}",${times},"data":{}}`,
  ]),
  ['a jti that is an array', `{"jti":["id"],${times},"data":{}}`],
  ['a jti that is a number', `{"jti":1,${times},"data":{}}`],
  ['a jti that is null', `{"jti":null,${times},"data":{}}`],
  ['no iat', '{"jti":"id","exp":20,"data":{}}'],
  ['an iat that is a string', '{"jti":"id","iat":"10","exp":20,"data":{}}'],
  ['an iat that is null', '{"jti":"id","iat":null,"exp":20,"data":{}}'],
  ['a negative iat', '{"jti":"id","iat":-1,"exp":20,"data":{}}'],
  ['an iat beyond Date', '{"jti":"id","iat":8640000000001,"exp":20,"data":{}}'],
  ['no exp', '{"jti":"id","iat":10,"data":{}}'],
  ['an exp that is a string', '{"jti":"id","iat":10,"exp":"20","data":{}}'],
  ['an exp that is an array', '{"jti":"id","iat":10,"exp":[20],"data":{}}'],
  ['an exp that is true', '{"jti":"id","iat":10,"exp":true,"data":{}}'],
  ['a negative exp', '{"jti":"id","iat":10,"exp":-0.5,"data":{}}'],
  ['an exp that is infinite', '{"jti":"id","iat":10,"exp":1e400,"data":{}}'],
  ['an exp in milliseconds beyond Date', '{"jti":"id","iat":10,"exp":8640000000000001,"data":{}}'],
  ['an exp that is NaN', '{"jti":"id","iat":10,"exp":NaN,"data":{}}'],
  ['a ttl of zero', `{"jti":"id",${times},"ttl":0,"data":{}}`],
  ['a negative ttl', `{"jti":"id",${times},"ttl":-60,"data":{}}`],
  ['a ttl that is a string', `{"jti":"id",${times},"ttl":"60","data":{}}`],
  ['a ttl that is null', `{"jti":"id",${times},"ttl":null,"data":{}}`],
  ['a ttl that is infinite', `{"jti":"id",${times},"ttl":1e400,"data":{}}`],
  ['no data', `{"jti":"id",${times}}`],
  ['data that is null', `{"jti":"id",${times},"data":null}`],
  ['data that is an array', `{"jti":"id",${times},"data":[]}`],
  ['data that is a number', `{"jti":"id",${times},"data":1}`],
  ['data nested 101 levels deep', `{"jti":"id",${times},"data":${nestedJson(101)}}`],
  ['data nested far deeper', `{"jti":"id",${times},"data":${nestedJson(5000)}}`],
  ['data with a __proto__ key', `{"jti":"id",${times},"data":{"__proto__":{"admin":true}}}`],
  ['data with an escaped __proto__ key', `{"jti":"id",${times},"data":{"\\u005f_proto__":1}}`],
  ['a __proto__ key', `{"__proto__":{"admin":true},"jti":"id",${times},"data":{}}`],
  ['the claims in a __proto__ key', `{"__proto__":{"jti":"id",${times},"data":{}}}`],
];
