import { CompactEncrypt, CompactSign, exportJWK, generateKeyPair } from 'jose';
import { createSecretKey, hkdfSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { base64url, jwe, jws } from '../../support/compact.js';
import { contentKey } from '../../support/keys.js';
import { SECRET } from '../../support/secrets.js';
import { ID, keysOf, payloadOf } from './modes.js';

/** Tokens that hold a session and are made with the right key, but not in the one way that we make them. */
export type Named = [title: string, token: string];

const payload = payloadOf();
const bytes = Buffer.from(payload);

/** Headers of a JWS that a parser might listen to. */
export async function confusedHeaders(kid: string): Promise<string[]> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const own = { alg: 'HS256', kid };
  const algorithms = [
    'none',
    'NONE',
    'nOnE',
    'None',
    '',
    null,
    0,
    [],
    {},
    ['HS256'],
    'hs256',
    'HS256 ',
    'HS384',
    'dir',
  ];
  const members = [
    { b64: false, crit: ['b64'] },
    { b64: true, crit: ['b64'] },
    { crit: ['exp'] },
    { crit: [] },
    { zip: 'DEF' },
    { jwk },
    { jwk: { kty: 'oct', k: base64url(SECRET) } },
    { jku: 'https://example.org/keys.json' },
    { x5c: ['MIIB'] },
    { x5u: 'https://example.org/cert.pem' },
    { typ: 'JWT' },
    { cty: 'JWT' },
    { enc: 'A256GCM' },
    { kid: '../../dev/null' },
    { kid: `${kid}' OR 1=1` },
    { kid: [kid] },
    { kid: null },
  ];
  return [
    ...algorithms.map((alg) => JSON.stringify({ ...own, alg })),
    ...members.map((member) => JSON.stringify({ ...own, ...member })),
    ...members.map((member) => JSON.stringify({ ...member, ...own })),
    `{"kid":"${kid}","alg":"HS256"}`,
    `{"alg":"none","alg":"HS256","kid":"${kid}"}`,
    `{"alg":"HS256","alg":"none","kid":"${kid}"}`,
    `{"alg":"HS256","alg":"HS256","kid":"${kid}"}`,
    `{"alg":"HS256","kid":"${kid}","kid":"${kid}"}`,
    `{"alg":"HS256","kid":"x","kid":"${kid}"}`,
    `{"alg": "HS256","kid":"${kid}"}`,
    `{"alg":"HS256","kid":"${kid}"} `,
    `\ufeff{"alg":"HS256","kid":"${kid}"}`,
    `{"\\u0061lg":"HS256","kid":"${kid}"}`,
    `{"alg":"HS256","kid":"${kid}"`,
    `{"alg":"HS256"}`,
    `{"kid":"${kid}"}`,
    '{"__proto__":{"alg":"none"}}',
    '{}',
    '[]',
    'null',
    '1',
    '"HS256"',
    '',
    kid,
  ];
}

export async function confusedJws(): Promise<Named[]> {
  const { key, kid } = keysOf('signed');
  const header = `{"alg":"HS256","kid":"${kid}"}`;
  const none = (text: string) => `${base64url(text)}.${base64url(payload)}.`;
  const [rs256, es256] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('ES256')]);
  const sign = (alg: string, by: Parameters<CompactSign['sign']>[0]) =>
    new CompactSign(bytes).setProtectedHeader({ alg, kid }).sign(by);
  const under = (token: string) => base64url(header) + token.slice(token.indexOf('.'));
  const foreign = await Promise.all([
    sign('HS384', key),
    sign('HS512', key),
    sign('RS256', rs256.privateKey),
    sign('ES256', es256.privateKey),
    new CompactSign(bytes).setProtectedHeader({ alg: 'HS256', kid, typ: 'JWT', jku: 'https://example.org' }).sign(key),
  ]);
  const headers = await confusedHeaders(kid);
  return [
    ...headers.map((text): Named => [`signed by HS256 under ${text}`, jws(text, payload, key)]),
    ...headers.map((text): Named => [`not signed under ${text}`, none(text)]),
    ...['sha384', 'sha512', 'sha1', 'md5'].map((hash): Named => [
      `our header and ${hash}`,
      jws(header, payload, key, hash),
    ]),
    ...foreign.map((token, at): Named => [`made by jose, number ${at}`, token]),
    ...foreign.slice(0, 4).map((token, at): Named => [`made by jose, number ${at}, under our header`, under(token)]),
    ['our header and no signature', none(header)],
    ['our header and an empty key', jws(header, payload, '')],
    ['our header and 32 zeros for a key', jws(header, payload, Buffer.alloc(32))],
    ['an unencoded payload', `${base64url(header)}.${payload}.${jws(header, payload, key).split('.')[2]}`],
    ['a detached payload', jws(header, '', key)],
    [
      'JSON serialization',
      JSON.stringify({ protected: base64url(header), payload: base64url(payload), signature: '' }),
    ],
  ];
}

export async function confusedJwe(): Promise<Named[]> {
  const { key, kid } = keysOf('encrypted');
  const content = contentKey(key, ID);
  const ours = `{"alg":"dir","enc":"A256GCM","kid":"${kid}.${ID}"}`;
  const long = Buffer.from(hkdfSync('sha256', content, '', 'CBC', 64));
  const { publicKey } = await generateKeyPair('RSA-OAEP-256');
  const encrypt = (alg: string, enc: string, by: Parameters<CompactEncrypt['encrypt']>[0]) =>
    new CompactEncrypt(bytes).setProtectedHeader({ alg, enc, kid: `${kid}.${ID}` }).encrypt(by);
  const made = await Promise.all([
    encrypt('A256KW', 'A256GCM', content),
    encrypt('A256GCMKW', 'A256GCM', content),
    encrypt('RSA-OAEP-256', 'A256GCM', publicKey),
    encrypt('dir', 'A128GCM', content.subarray(0, 16)),
    encrypt('dir', 'A256CBC-HS512', long),
    encrypt('PBES2-HS256+A128KW', 'A256GCM', content),
    encrypt('dir', 'A256GCM', key),
  ]);
  const p2c = `{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":2147483647,"p2s":"c2FsdA","kid":"${kid}.${ID}"}`;
  const headers = (await confusedHeaders(kid)).map((text) =>
    text
      .replaceAll('HS256', 'dir')
      .replaceAll(kid, `${kid}.${ID}`)
      .replace('"alg":"dir"', '"alg":"dir","enc":"A256GCM"'),
  );
  const beyond = [
    `","zip":"DEF`,
    `","crit":["exp"],"exp":"1`,
    `","alg":"none`,
    `","kid":"x`,
    '"',
    ' ',
    '\\u0041',
    '.',
    '}',
  ];
  const at = ours.lastIndexOf('"');
  const underOurs = (token: string) => base64url(ours) + token.slice(token.indexOf('.'));
  return [
    ...headers
      .filter((text) => text !== ours)
      .map((text): Named => [`encrypted under ${text}`, jwe(text, payload, content)]),
    ...beyond.map((text): Named => [
      `our header with ${text}`,
      jwe(ours.slice(0, at) + text + ours.slice(at), payload, content),
    ]),
    ...made.map((token, number): Named => [`made by jose, number ${number}`, token]),
    ...made.map((token, number): Named => [`made by jose, number ${number}, under our header`, underOurs(token)]),
    ['a huge p2c', jwe(p2c, payload, content, base64url('an encrypted key'))],
    ['zip: DEF', jwe(`${ours.slice(0, -1)},"zip":"DEF"}`, deflateRawSync(payload), content)],
    ['compressed under our header', jwe(ours, deflateRawSync(payload), content)],
    ['an encrypted key', jwe(ours, payload, content, 'AAAA')],
    ['AES-128 under our header', jwe(ours, payload, content.subarray(0, 16))],
    ['the ring’s key under our header', jwe(ours, payload, key)],
    ['the secret under our header', jwe(ours, payload, createSecretKey(SECRET.slice(0, 32), 'utf8').export())],
  ];
}
