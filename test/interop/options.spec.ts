import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { LONGEST_LIFETIME } from '../../lib/codec/lifetime.js';
import * as interop from '../../lib/interop/index.js';
import { SessionError } from '../../lib/session.errors.js';
import { ACCEPT_UNTIL, NAMES, formatFor, SECRET } from './support/formats.js';

const { asgiSessionsFernet, asgiSessionsJwt, cookieSession, flask, starlette } = interop;

/** A factory of a format without times, with the time that it needs. */
const timed = (create: (options: never) => interop.ForeignFormat) => (options: object) =>
  create({ acceptUntil: ACCEPT_UNTIL, ...options } as never);

/** Every factory, called with one secret and options that may be wrong. */
const FACTORIES = [
  ['starlette', 'secretKey', starlette],
  ['flask', 'secretKey', flask],
  ['asgiSessionsJwt', 'secretKey', timed(asgiSessionsJwt)],
  ['asgiSessionsFernet', 'secretKey', asgiSessionsFernet],
  ['cookieSession', 'keys[0]', ({ secretKey, ...rest }) => timed(cookieSession)({ keys: [secretKey], ...rest })],
] as [factory: string, secretName: string, create: (options: Record<string, unknown>) => interop.ForeignFormat][];

const errorOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof SessionError) return { code: error.code, message: error.message };
    throw error;
  }
  return undefined;
};
const invalid = (message: string) => ({ code: 'ERR_SESSION_OPTION_INVALID', message });

describe.each(FACTORIES)('%s()', (factory, secretName, create) => {
  it('is frozen, and names its cookie only if it was told to', () => {
    const format = create({ secretKey: SECRET });
    expect(Object.isFrozen(format)).toBe(true);
    expect(format.cookieName).toBeUndefined();
    expect(create({ secretKey: SECRET, cookieName: '__Host-sid' }).cookieName).toBe('__Host-sid');
  });

  it('takes a Buffer for the same secret', () => {
    const context = { cookieName: 'session', now: 1_767_225_600 };
    const values = create({ secretKey: SECRET }).write?.('{"a":1}', { ...context, maxAge: 1 }) ?? [''];
    const opened = create({ secretKey: Buffer.from(SECRET) }).open(values, context);
    expect(opened).toMatchObject({ ok: true, data: { a: 1 } });
  });

  it('takes a short secret only if it was told to', () => {
    expect(errorOf(() => create({ secretKey: 'dev' }))).toEqual({
      code: 'ERR_SESSION_SECRET_TOO_SHORT',
      message:
        `Cannot use the option "${secretName}" of ${factory}(): it has 3 bytes and needs 32. ` +
        'A short secret can be guessed: set allowShortSecret: true to accept it, and give the other side a longer one.',
    });
    expect(errorOf(() => create({ secretKey: SECRET.slice(1), allowShortSecret: false }))?.code).toBe(
      'ERR_SESSION_SECRET_TOO_SHORT',
    );
    expect(errorOf(() => create({ secretKey: 'dev', allowShortSecret: true }))).toBeUndefined();
  });

  it.each([undefined, null, '', Buffer.alloc(0)])('refuses a missing secret: %p', (secretKey) => {
    expect(errorOf(() => create({ secretKey, allowShortSecret: true }))).toEqual({
      code: 'ERR_SESSION_SECRET_MISSING',
      message: `Cannot use the option "${secretName}" of ${factory}(): it is missing or empty. Give the secret of the other side.`,
    });
  });

  it.each([
    [{ secretKey: 5 }, secretName, 'it is neither a string nor a Buffer', 'Give the secret of the other side.'],
    [{ allowShortSecret: 'yes' }, 'allowShortSecret', 'its value is not possible', 'Give true or false.'],
    [
      { cookieName: 'a b' },
      'cookieName',
      'its value is not possible',
      "Use at most 128 letters, digits and !#$%&'*+-.^_`|~ only.",
    ],
  ])('refuses an impossible option: %j', (options, name, why, remedy) => {
    expect(errorOf(() => create({ secretKey: SECRET, ...options }))).toEqual(
      invalid(`Cannot use the option "${name}" of ${factory}(): ${why}. ${remedy}`),
    );
  });

  it('refuses an option that there is not', () => {
    const error = errorOf(() => create({ secretKey: SECRET, resave: false }));
    expect(error?.code).toBe('ERR_SESSION_OPTION_UNKNOWN');
    expect(error?.message).toMatch(
      new RegExp(
        `^Cannot use the option "resave" of ${factory}\\(\\): it does not exist\\. The options are .*cookieName`,
      ),
    );
  });
});

describe('The formats', () => {
  it.each(NAMES)('show nothing of the secret: %s', (name) => {
    const shown =
      inspect(formatFor(name), { showHidden: true, depth: 10, getters: true }) + JSON.stringify(formatFor(name));
    for (const encoding of ['utf8', 'hex', 'base64'] as const) {
      expect(shown).not.toContain(Buffer.from(SECRET).toString(encoding).slice(0, 12));
    }
  });

  it.each([starlette, flask, asgiSessionsFernet])('refuse a lifetime that is none: %p', (create) => {
    for (const maxAge of [0, -1, 1.5, Infinity, '60', null]) {
      expect(errorOf(() => create({ secretKey: SECRET, maxAge: maxAge as number }))).toEqual(
        invalid(
          `Cannot use the option "maxAge" of ${create.name}(): its value is not possible. ` +
            `Give a whole number of seconds from 1 to ${LONGEST_LIFETIME}.`,
        ),
      );
    }
  });

  it.each([undefined, null, 'secret'])('refuse options that are no object: %p', (options) => {
    expect(errorOf(() => starlette(options as never))).toEqual(
      invalid('Cannot use the format starlette(): its options are not an object. Give at least { secretKey }.'),
    );
  });

  it('refuse a secret for Fernet with which asgi-sessions itself fails', () => {
    const remedy = 'Give the secret_key that asgi-sessions runs with, which is at most 32 ASCII characters.';
    const option = 'Cannot use the option "secretKey" of asgiSessionsFernet(): asgi-sessions itself fails with';
    expect(errorOf(() => asgiSessionsFernet({ secretKey: `${SECRET}!` }))).toEqual(
      invalid(`${option} more than 32 characters. ${remedy}`),
    );
    expect(errorOf(() => asgiSessionsFernet({ secretKey: 'ä'.repeat(16) }))).toEqual(
      invalid(`${option} characters beyond ASCII. ${remedy}`),
    );
  });

  it('refuse keys for cookie-session that are no list, and other algorithms', () => {
    expect(errorOf(() => cookieSession({ keys: [], acceptUntil: ACCEPT_UNTIL }))?.code).toBe(
      'ERR_SESSION_SECRET_MISSING',
    );
    expect(errorOf(() => cookieSession({} as never))?.code).toBe('ERR_SESSION_SECRET_MISSING');
    expect(errorOf(() => cookieSession({ keys: SECRET as never, acceptUntil: ACCEPT_UNTIL }))).toEqual(
      invalid(
        'Cannot use the option "keys" of cookieSession(): its value is not possible. Give a list of keys, newest first.',
      ),
    );
    expect(
      errorOf(() => cookieSession({ keys: [SECRET], algorithm: 'md5' as never, acceptUntil: ACCEPT_UNTIL })),
    ).toEqual(
      invalid(
        'Cannot use the option "algorithm" of cookieSession(): its value is not possible. ' +
          'Give "sha1" or "sha256" or "sha384" or "sha512".',
      ),
    );
  });
});
