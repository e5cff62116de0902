import { describe, expect, it } from '@jest/globals';
import { ForbiddenException } from '@nestjs/common';
import * as devalue from 'devalue';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

class Money {
  readonly currency = 'EUR';
  constructor(readonly amount: number) {}
  get text(): string {
    return `${this.amount} ${this.currency}`;
  }
}

class Nothing {}

class Tagged {
  readonly n = 1;
  readonly #secret = 'not written';
  get [Symbol.toStringTag](): string {
    return `Tagged, ${this.#secret.length}`;
  }
}

const shared = { n: 1 };
const NOON = new Date('2026-01-02T12:00:00.000Z');

/** What is stored, and what the next request finds. */
const CASES: Readonly<Record<string, readonly [stored: unknown, found: unknown]>> = {
  'undefined in an object': [{ a: undefined, b: 1 }, { b: 1 }],
  'undefined in an array': [
    [undefined, 1],
    [null, 1],
  ],
  NaN: [[Number.NaN], [null]],
  'Infinity and -Infinity': [
    { up: Infinity, down: -Infinity },
    { up: null, down: null },
  ],
  '-0': [
    [-0, 0],
    [0, 0],
  ],
  'a number beyond the safe ones': [2 ** 53 + 2, 9_007_199_254_740_994],
  'the least and the largest numbers': [
    [Number.MIN_VALUE, Number.MAX_VALUE, Number.EPSILON],
    [Number.MIN_VALUE, Number.MAX_VALUE, Number.EPSILON],
  ],
  'a Date': [NOON, '2026-01-02T12:00:00.000Z'],
  'an invalid Date': [new Date(Number.NaN), null],
  'a URL': [new URL('http://example.org/a b'), 'http://example.org/a%20b'],
  'a Buffer': [Buffer.from('hi'), { type: 'Buffer', data: [104, 105] }],
  'a sparse array': [Object.assign([], { 2: 'c' }), [null, null, 'c']],
  'an array with a property': [Object.assign([1], { extra: true }), [1]],
  'a symbol key': [{ [Symbol('s')]: 1, a: 1 }, { a: 1 }],
  'a key that is not enumerable': [Object.defineProperty({ a: 1 }, 'b', { value: 2 }), { a: 1 }],
  'an inherited key': [Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }), { own: 2 }],
  'an object without a prototype': [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  'an instance of a class': [new Money(5), { amount: 5, currency: 'EUR' }],
  'an instance of a class without fields': [new Nothing(), {}],
  'an instance of a class with a tag': [new Tagged(), { n: 1 }],
  'a getter': [Object.defineProperty({}, 'a', { enumerable: true, get: () => 3 }), { a: 3 }],
  'a value with toJSON()': [{ toJSON: (key: string) => `json of ${key}` }, 'json of value'],
  'boxed values': [
    [Object(1), Object('a'), Object(true)],
    [1, 'a', true],
  ],
  'one object twice': [
    [shared, shared],
    [{ n: 1 }, { n: 1 }],
  ],
  'keys that are numbers, out of order': [
    { b: 1, 2: 'two', 1: 'one' },
    { 1: 'one', 2: 'two', b: 1 },
  ],
  'empty things': [
    ['', {}, [], null, false, 0],
    ['', {}, [], null, false, 0],
  ],
  'all kinds of text': ['\u0000\u001f"\\/\u007f\u2028ä€😀\ud800;,=%', '\u0000\u001f"\\/\u007f\u2028ä€😀\ud800;,=%'],
};

/** What JSON would turn into an empty object or a list of bytes, and the type that the error names. */
const REFUSED: readonly (readonly [type: string, value: unknown])[] = [
  ['Map', new Map([['a', 1]])],
  ['Map', new (class Carts extends Map<string, number> {})()],
  ['Set', new Set([1])],
  ['WeakMap', new WeakMap()],
  ['WeakSet', new WeakSet()],
  ['WeakRef', new WeakRef({})],
  ['RegExp', /x/g],
  ['Error', Object.assign(new TypeError('no'), { code: 'E_NO' })],
  ['Error', new ForbiddenException()],
  ['Promise', Promise.resolve(1)],
  ['ArrayBuffer', new ArrayBuffer(2)],
  ['SharedArrayBuffer', new SharedArrayBuffer(2)],
  ['DataView', new DataView(new ArrayBuffer(2))],
  ['Uint8Array', Uint8Array.of(7, 8)],
  ['Uint8ClampedArray', new Uint8ClampedArray(2)],
  ['BigInt64Array', new BigInt64Array(2)],
  ['Float64Array', new Float64Array(2)],
  ['Map Iterator', new Map().entries()],
  ['Generator', (function* () {})()],
  ['URLSearchParams', new URLSearchParams('a=1')],
  ['Headers', new Headers({ a: '1' })],
  ['Intl.NumberFormat', new Intl.NumberFormat('en')],
  ['Symbol', Object(Symbol('s'))],
  ['BigInt', Object(1n)],
  ['Map', { toJSON: () => new Map([['a', 1]]) }],
];

let next: unknown;
let sameRequest: unknown;
let last: unknown;

const controller = routes({
  write: (session) => {
    session.update({ value: next, user: 'tom' });
    sameRequest = session.get('value');
  },
  read: (session) => {
    last = session.data;
  },
  set: (session) => session.set('value', next),
});

describeOnEachPlatform('JSON', (platform) => {
  const start = async () => (await startApp(platform, { controllers: [controller] })).client();

  it.each(Object.keys(CASES))('turns %s into the same as JSON.stringify does, in the next request', async (name) => {
    const [stored, found] = CASES[name] ?? [];
    const client = await start();
    next = stored;
    expect((await client.get('/write')).status).toBe(200);
    expect(sameRequest).toBe(stored);
    await client.get('/read');
    expect(last).toStrictEqual({ value: found, user: 'tom' });
    expect(Object.keys(Object(Object(last).value))).toEqual(Object.keys(Object(found)));
  });

  it.each(REFUSED)('refuses a %s, naming where it stands', async (type, value) => {
    const errors: unknown[] = [];
    const logger = new RecordingLogger();
    logger.error = (error: unknown) => errors.push(error);
    const client = (await startApp(platform, { controllers: [controller], logger })).client();
    next = { list: [value] };
    const reply = await client.get('/set');
    expect([reply.status, reply.setCookie]).toEqual([500, []]);
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'ERR_SESSION_NOT_SERIALIZABLE',
        message:
          `Cannot save the session: "value.list[0]" cannot be written as JSON, it is of type "${type}", which JSON does ` +
          'not know. Store plain data: strings, finite numbers, booleans, null, arrays and objects of these.',
      }),
    ]);
  });

  it.each([new Map([['a', 1]]), new Set([1]), /x/g, Uint8Array.of(7, 8)])(
    'leaves %p to the serializer, where there is one',
    async (value) => {
      const client = (
        await startApp(platform, { controllers: [controller], session: { serializer: devalue } })
      ).client();
      next = value;
      expect((await client.get('/set')).status).toBe(200);
      await client.get('/read');
      expect(last).toEqual({ value });
    },
  );

  it('keeps no key whose value is undefined', async () => {
    const client = await start();
    next = undefined;
    expect(sentClaims(await client.get('/write')).data).toStrictEqual({ user: 'tom' });
    await client.get('/read');
    expect(last).toStrictEqual({ user: 'tom' });
  });

  it('refuses a toJSON() whose result is nested too deep to be read again', async () => {
    const client = await start();
    await signIn(client, { user: 'tom' });
    next = { toJSON: () => nested(150) };
    expect((await client.get('/set')).status).toBe(500);
    await client.get('/read');
    expect(last).toStrictEqual({ user: 'tom' });
  });

  describe('decides what is a change, so that no cookie is sent', () => {
    it.each([
      ['null became NaN', null, Number.NaN],
      ['null became Infinity', null, Infinity],
      ['0 became -0', 0, -0],
      ['a text became the Date of it', NOON.toJSON(), new Date(NOON)],
      ['{} became an object of undefined', {}, { a: undefined }],
      ['null became undefined in an array', [null], [undefined]],
      ['null became a hole in an array', [null, 1], Object.assign([], { 1: 1 })],
      ['a key of a symbol was added', { a: 1 }, { a: 1, [Symbol('s')]: 1 }],
      ['the keys came into another order', { a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }],
    ])('when %s', async (_case, before, after) => {
      const client = await start();
      await signIn(client, { value: before });
      next = after;
      const reply = await client.get('/set');
      expect([reply.status, reply.setCookie]).toEqual([200, []]);
    });

    it('but one is when the elements of an array came into another order', async () => {
      const client = await start();
      await signIn(client, { value: [1, 2] });
      next = [2, 1];
      expect(sentClaims(await client.get('/set')).data).toEqual({ value: [2, 1] });
    });
  });
});

function nested(levels: number): unknown {
  return levels === 0 ? 'innermost' : [nested(levels - 1)];
}
