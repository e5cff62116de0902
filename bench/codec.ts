// The codecs, in a process of their own: codec.js <rounds> <milliseconds of CPU time in each>. Sends what each operation costs.
import { strictEqual } from 'node:assert/strict';
import { sealData, unsealData } from 'iron-session';
import { jwtVerify, SignJWT } from 'jose';
import Keygrip from 'keygrip';
import { measure } from 'mitata';
import { MAX_AGE, SECRET, visitorOf } from './apps/application.js';
import { type Codec, handWritten, newCodec } from './codecs.js';
import { OURS } from './goals.js';
import { byTurns, median } from './measure.js';

/** Each contender's tokens. Once it has seen all, it is made anew: none of them is to be known. */
const TOKENS = 500;
/** Discarded: by then the compiler has done its work. */
const WARM_UP_ROUNDS = 4;

/** cookie-session: base64 of JSON in one cookie, Keygrip's HMAC-SHA1 over `name=value` in another. No times. */
const keys = new Keygrip([SECRET]);
const keygrip: Codec = {
  encode(data) {
    const value = Buffer.from(JSON.stringify(data)).toString('base64');
    return `${value}; ${keys.sign(`session=${value}`)}`;
  },
  decode(token) {
    const [value = '', signature = ''] = token.split('; ');
    return keys.verify(`session=${value}`, signature) ? JSON.parse(Buffer.from(value, 'base64').toString()) : undefined;
  },
};

/** Given bytes, jose would import them each time; a CryptoKey it takes as it is. */
const hmac = { name: 'HMAC', hash: 'SHA-256' };
const joseKey = await crypto.subtle.importKey('raw', Buffer.from(SECRET), hmac, false, ['sign', 'verify']);
const jws: Codec = {
  encode: (data) =>
    new SignJWT({ data }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().setExpirationTime('14d').sign(joseKey),
  decode: async (token) => (await jwtVerify(token, joseKey)).payload.data,
};
const ironOptions = { password: SECRET, ttl: MAX_AGE };
const iron: Codec = {
  encode: (data) => sealData(data, ironOptions),
  decode: (token) => unsealData(token, ironOptions),
};

const contenders: Readonly<Record<string, () => Codec>> = {
  'signed: hand-written': () => handWritten.signed,
  'signed: nestjs-sessions': () => newCodec('signed'),
  'signed: keygrip, as cookie-session has it': () => keygrip,
  'signed: jose': () => jws,
  'encrypted: hand-written': () => handWritten.encrypted,
  'encrypted: nestjs-sessions': () => newCodec('encrypted'),
  'encrypted: iron-session': () => iron,
};

/** One operation of a contender. */
type Subject = readonly [name: string, run: () => unknown];

/** Encoding and decoding, first seen to give back what was given, and nothing that was forged. */
async function subjectsOf(name: string, create: () => Codec, size: number): Promise<Subject[]> {
  const [known, visitor] = [create(), visitorOf(size)];
  const tokens: string[] = [];
  for (let count = 0; count < TOKENS; count++) tokens.push(await known.encode(visitor));
  const [token = ''] = tokens;
  const nameIn = async (text: string) => ((await known.decode(text)) as { name?: string } | undefined)?.name;
  strictEqual(await nameIn(token), visitor.name, name);
  const forged = token.replace(/.(?=.{10}$)/, (character) => (character === 'A' ? 'B' : 'A'));
  strictEqual(await nameIn(forged).catch(() => undefined), undefined, `${name} takes a forged token.`);
  let [codec, next] = [create(), 0];
  const decodeNew = () => {
    if (next === TOKENS) [codec, next] = [create(), 0];
    return codec.decode(tokens[next++] ?? '');
  };
  const encode: Subject = [`encode, ${size} bytes, ${name}`, () => known.encode(visitor)];
  const decode: Subject = [`decode, ${size} bytes, ${name}`, decodeNew];
  const repeated: Subject = [`decode, ${size} bytes, ${name}, repeated token`, () => known.decode(token)];
  return name.endsWith(OURS) ? [encode, decode, repeated] : [encode, decode];
}

/** In nanoseconds, of all threads: some contenders work on others, and the clock would measure strangers as well. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

const [rounds = 1, slice = 1] = process.argv.slice(2).map(Number);
const all = [139, 1000, 2500].flatMap((size) =>
  Object.entries(contenders).map(([name, create]) => subjectsOf(name, create, size)),
);
const subjects = (await Promise.all(all)).flat().map(([name, run]) => ({ name, run, found: [] as number[] }));
await byTurns(subjects, WARM_UP_ROUNDS + rounds, async ({ run, found }) => {
  // Always in batches: the clock has microseconds.
  const batches = { batch_samples: 40, batch_threshold: Number.MAX_VALUE, warmup_threshold: Number.MAX_VALUE };
  const { p50 } = await measure(run, { ...batches, now, gc: false, min_samples: 3, min_cpu_time: slice * 1e6 });
  found.push(p50 / 1000);
});
const costs = subjects.map(({ name, found }) => [name, median(found.slice(WARM_UP_ROUNDS))]);
process.send?.(Object.fromEntries(costs), () => process.exit(0));
