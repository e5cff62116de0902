import type { ForeignFormat } from '../../../lib/interop/foreign-format.js';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { SECRET } from '../../support/secrets.js';

const SECRET_REMEDY = 'Give at least 32 random bytes, made for example by: openssl rand -base64 32';
const LIFETIME_REMEDY = 'Give a whole number of seconds from 1 to 3155760000.';
const FLAG_REMEDY = 'Give true or false.';
const NAME_REMEDY = "Use at most 128 letters, digits and !#$%&'*+-.^_`|~ only.";
const PATH_REMEDY = 'Give a path that starts with "/", has neither ";" nor "<" and at most 1024 characters.';
const COUNT_REMEDY = 'Give a whole number from 1 to 16.';
const ACCEPT_REMEDY = 'Give a list of "signed", "encrypted" and formats of nestjs-sessions/interop.';
const SERIALIZER_REMEDY = 'Give an object with the functions stringify and parse.';
const noop = () => undefined;
const DOMAIN_REMEDY = 'Give a host name such as "example.org".';
const SECURE_REMEDY =
  'Set secure: true. Chrome and Firefox accept such a cookie from http://localhost too; Safari does not.';
const LONG = 'x'.repeat(64);

const FORMERLY_REMEDY = 'Give a list such as [{ domain: "example.org", path: "/" }].';
/** A format of the application, as options. */
export const OWN: ForeignFormat = {
  format: 'own',
  open: () => ({ ok: false, reason: 'malformed' }),
  write: () => [''],
};
const TIMELESS = { ...OWN, isTimeless: true, acceptUntil: 4_000_000_000 };
const TIME_REMEDY = 'Give the format acceptUntil, the time from which on none is accepted.';
const UNTIL_REMEDY = 'Leave it out: acceptUntil of the format says how long they are accepted.';

const STORE_REMEDY =
  'Give a store of nestjs-sessions/store, such as memoryStore(), or an object { store, … } with one.';

const values: [option: keyof SessionModuleOptions, remedy: string, impossible: unknown[]][] = [
  ['cookieName', NAME_REMEDY, ['', 'a b', 'a=b', 'a;b', 'a,b', '"a"', 'a\n', 'ä', '(a)', 'a/b', '[a]', 'a:b', 1, null]],
  ['cookieName', NAME_REMEDY, ['x'.repeat(129), 'x'.repeat(100_000)]],
  ['maxAge', LIFETIME_REMEDY, [0, -1, 0.5, NaN, Infinity, -Infinity, 3_155_760_001, '60', null, true, 60n]],
  ['absoluteMaxAge', LIFETIME_REMEDY, [0, -1, 1.5, NaN, Infinity, 3_155_760_001, '60', null, false]],
  ['rolling', FLAG_REMEDY, ['true', 0, 1, null]],
  ['expireOnBrowserClose', FLAG_REMEDY, ['', 1, null]],
  ['httpOnly', FLAG_REMEDY, ['false', 0, null]],
  ['partitioned', FLAG_REMEDY, ['no', 1, null]],
  ['encrypt', FLAG_REMEDY, ['true', 'A256GCM', 0, null]],
  ['accept', ACCEPT_REMEDY, ['signed', ['jwt'], ['signed', 'Encrypted'], [null], new Set(['signed']), {}, true, null]],
  ['cookieCount', COUNT_REMEDY, [0, -1, 1.5, 17, NaN, Infinity, '2', 2n, true, null]],
  ['serializer', SERIALIZER_REMEDY, [null, 'json', noop, Map, {}, { stringify: noop }, { parse: noop }]],
  [
    'serializer',
    SERIALIZER_REMEDY,
    [
      { stringify: 'x', parse: noop },
      { stringify: noop, parse: {} },
    ],
  ],
  ['cacheHeaders', FLAG_REMEDY, ['no', 0, null]],
  ['secure', 'Give true or false or "auto".', ['true', 'AUTO', 0, 1, null]],
  ['sameSite', 'Give "lax" or "strict" or "none".', ['Lax', '', true, false, null]],
  ['priority', 'Give "low" or "medium" or "high".', ['High', '', 1, null]],
  ['path', PATH_REMEDY, ['', 'app', '/a;b', '/; Domain=evil.org', '/\n', '/ä', '/\0', '/\x7f', '/<a>', null, 1]],
  ['path', PATH_REMEDY, [`/${'x'.repeat(1024)}`]],
  [
    'domain',
    DOMAIN_REMEDY,
    ['', 'a b', 'a;b', '-a.org', 'a-.org', 'a..org', 'a.org.', 'ä.org', `${LONG}.org`, null, 1],
  ],
  ['domain', DOMAIN_REMEDY, [`${'x.'.repeat(126)}ab`]],
  ['domain', DOMAIN_REMEDY, ['https://example.org', 'example.org:80', 'example.org/', 'a.org\n']],
  [
    'formerly',
    FORMERLY_REMEDY,
    ['/app', {}, [null], ['a.org'], [{ domain: 'a b' }], [{ path: 'app' }], [{ secure: true }]],
  ],
  [
    'accept',
    ACCEPT_REMEDY,
    [[{ ...OWN, cookieName: 'a b' }], [{ ...OWN, companions: '.sig' }], [{ ...OWN, companions: ['; '] }]],
  ],
  ['accept', ACCEPT_REMEDY, [[{ ...OWN, acceptUntil: '2030' }], [{ ...OWN, maxAge: 0.5 }]]],
  ['onReject', 'Give a function.', ['log', {}, true, null]],
  ['store', STORE_REMEDY, [null, true, 'redis', {}, [], { store: {} }, { load: noop }, new Map()]],
];

const together: [
  options: Partial<SessionModuleOptions>,
  option: keyof SessionModuleOptions,
  why: string,
  remedy: string,
][] = [
  [{ cookieName: '__Host-s', secure: true, domain: 'a.org' }, 'domain', 'a "__Host-" cookie has none', 'Leave it out.'],
  [
    { cookieName: '__Host-s', secure: true, path: '/a' },
    'path',
    'a "__Host-" cookie has the path "/"',
    'Leave it out.',
  ],
  [
    { cookieName: '__hOST-s', secure: true, path: '/a' },
    'path',
    'a "__Host-" cookie has the path "/"',
    'Leave it out.',
  ],
  [{ cookieName: '__Host-s' }, 'cookieName', 'its prefix is for cookies that are always Secure', SECURE_REMEDY],
  [
    { cookieName: '__Host-s', secure: false },
    'cookieName',
    'its prefix is for cookies that are always Secure',
    SECURE_REMEDY,
  ],
  [{ cookieName: '__Secure-s' }, 'cookieName', 'its prefix is for cookies that are always Secure', SECURE_REMEDY],
  [
    { cookieName: '__SECURE-s', secure: false },
    'cookieName',
    'its prefix is for cookies that are always Secure',
    SECURE_REMEDY,
  ],
  [{ sameSite: 'none' }, 'sameSite', '"none" is for cookies that are always Secure', SECURE_REMEDY],
  [{ sameSite: 'none', secure: false }, 'sameSite', '"none" is for cookies that are always Secure', SECURE_REMEDY],
  [{ partitioned: true }, 'partitioned', 'it is for cookies that are always Secure', SECURE_REMEDY],
  [{ cookieName: '__Http-s' }, 'cookieName', 'its prefix is for cookies that are always Secure', SECURE_REMEDY],
  [
    { cookieName: '__HTTP-s', secure: true, httpOnly: false },
    'httpOnly',
    'a "__Http-" cookie is hidden from scripts',
    'Leave it out.',
  ],
  [
    { cookieName: '__Host-Http-s', secure: true, httpOnly: false },
    'httpOnly',
    'a "__Http-" cookie is hidden from scripts',
    'Leave it out.',
  ],
  [
    { cookieName: '__Host-Http-s', secure: true, path: '/a' },
    'path',
    'a "__Host-" cookie has the path "/"',
    'Leave it out.',
  ],
  [
    { cookieName: '__Host-s', secure: true, domain: () => 'a.org' },
    'domain',
    'a "__Host-" cookie has none',
    'Leave it out.',
  ],
  [
    { cookieName: '__Host-s', secure: true, formerly: [{}] },
    'formerly',
    'a "__Host-" cookie has no other scope',
    'Leave it out.',
  ],
  [
    { accept: [{ ...OWN, cookieName: '__Secure-o' }] },
    'accept',
    'the prefix of the cookie "__Secure-o" of "own" is for cookies that are always Secure',
    SECURE_REMEDY,
  ],
  [
    { codec: { ...OWN, cookieName: '__Http-o' } },
    'codec',
    'the prefix of the cookie "__Http-o" of "own" is for cookies that are always Secure',
    SECURE_REMEDY,
  ],
  [
    { accept: [{ ...OWN, cookieName: '__Host-o' }], secure: true, path: '/a' },
    'path',
    'a "__Host-" cookie has the path "/"',
    'Leave it out.',
  ],
  [
    { codec: OWN, absoluteMaxAge: 60 },
    'absoluteMaxAge',
    'cookies of "own" do not say when their session was created',
    'Leave it out, or use a format of ours.',
  ],
  [{ codec: { ...OWN, isTimeless: true } }, 'codec', 'cookies of "own" do not say when they end', TIME_REMEDY],
  [{ accept: [{ ...OWN, isTimeless: true }] }, 'accept', 'cookies of "own" do not say when they end', TIME_REMEDY],
  [{ codec: TIMELESS, maxAge: 60 }, 'maxAge', 'cookies of "own" do not say when they were issued', UNTIL_REMEDY],
  [{ codec: TIMELESS, rolling: true }, 'rolling', 'cookies of "own" do not say when they were issued', UNTIL_REMEDY],
  [{ partitioned: true, secure: false }, 'partitioned', 'it is for cookies that are always Secure', SECURE_REMEDY],
];

const secrets: [title: string, secretKey: unknown, code: string, message: string][] = [
  ['no secret', undefined, 'MISSING', 'use the session option "secretKey": it is missing or empty'],
  ['null for a secret', null, 'MISSING', 'use the session option "secretKey": it is missing or empty'],
  ['an empty secret', '', 'MISSING', 'use the session option "secretKey": it is missing or empty'],
  ['no secret in a list', [], 'MISSING', 'use the session option "secretKey": it is missing or empty'],
  ['an empty secret in a list', [''], 'MISSING', 'use the session option "secretKey": it is missing or empty'],
  ['an empty older secret', [SECRET, ''], 'MISSING', 'use the session option "secretKey[1]": it is missing or empty'],
  ['no newest secret', [undefined, SECRET], 'MISSING', 'use the session option "secretKey[0]": it is missing or empty'],
  ['31 bytes', 'x'.repeat(31), 'SHORT', 'use the session option "secretKey": it has 31 bytes and needs 32'],
  [
    '31 bytes of UTF-8',
    `${'ü'.repeat(15)}x`,
    'SHORT',
    'use the session option "secretKey": it has 31 bytes and needs 32',
  ],
  ['a short Buffer', Buffer.alloc(16), 'SHORT', 'use the session option "secretKey": it has 16 bytes and needs 32'],
  ['an empty Uint8Array', new Uint8Array(), 'MISSING', 'use the session option "secretKey": it is missing or empty'],
  [
    'a short older secret',
    [SECRET, 'short'],
    'SHORT',
    'use the session option "secretKey[1]": it has 5 bytes and needs 32',
  ],
  ['a number', 42, 'INVALID', 'use the session option "secretKey": it is neither a string nor a Buffer'],
  [
    'a list in a list',
    [[SECRET]],
    'INVALID',
    'use the session option "secretKey": it is neither a string nor a Buffer',
  ],
  [
    'a number among secrets',
    [SECRET, 42],
    'INVALID',
    'use the session option "secretKey[1]": it is neither a string nor a Buffer',
  ],
];

const CODES: Record<string, string> = {
  MISSING: 'ERR_SESSION_SECRET_MISSING',
  SHORT: 'ERR_SESSION_SECRET_TOO_SHORT',
  INVALID: 'ERR_SESSION_OPTION_INVALID',
};

export interface BadOptions {
  readonly title: string;
  readonly options: SessionModuleOptions;
  readonly code: string;
  readonly message: string;
}

const ALL =
  'The options are secretKey, cookieName, maxAge, absoluteMaxAge, rolling, expireOnBrowserClose, sameSite, httpOnly, path, domain, formerly, partitioned, priority, secure, encrypt, codec, accept, cookieCount, rememberVerified, serializer, schema, cacheHeaders, store, onAccept, onReject.';
const ATTRIBUTES = 'Its attributes are options themselves, such as sameSite, secure, maxAge (in seconds).';

/** Names of other packages, slips of the pen and inventions, with what is said about them. */
const unknown: [name: string, remedy: string][] = [
  ['secret', 'Did you mean secretKey?'],
  ['password', 'Did you mean secretKey?'],
  ['keys', 'Did you mean secretKey?'],
  ['secretkey', 'Did you mean secretKey?'],
  ['sercetKey', 'Did you mean secretKey?'],
  ['ttl', 'Did you mean maxAge?'],
  ['expires', 'Did you mean maxAge?'],
  ['maxage', 'Did you mean maxAge?'],
  ['max_age', 'Did you mean maxAge?'],
  ['cookiename', 'Did you mean cookieName?'],
  ['sessionName', 'Did you mean cookieName?'],
  ['samesite', 'Did you mean sameSite?'],
  ['httponly', 'Did you mean httpOnly?'],
  ['Path', 'Did you mean path?'],
  ['cookie', ATTRIBUTES],
  ['cookieOptions', ATTRIBUTES],
  ['resave', 'Leave it out: only a session that has changed is sent.'],
  ['saveUninitialized', 'Leave it out: an empty session is not sent.'],
  ['proxy', 'Set "trust proxy" of Express, or trustProxy of Fastify.'],
  ['pat', ALL],
  ['toString', ALL],
  ['__proto__', ALL],
  ['a "quoted" one', ALL],
  ['x'.repeat(41), ALL],
];

/** Secrets that are none, with what is said about them. */
export const BAD_SECRETS: readonly BadOptions[] = secrets.map(([title, secretKey, code, message]) => ({
  title,
  options: { secretKey } as SessionModuleOptions,
  code: CODES[code] ?? '',
  message: `Cannot ${message}. ${SECRET_REMEDY}`,
}));

/** Other options that cannot be meant, with what is said about them. */
export const BAD_OPTIONS: readonly BadOptions[] = [
  ...values.flatMap(([option, remedy, impossible]) =>
    impossible.map((value) => ({
      title: `${option}: ${typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value)?.slice(0, 60) ?? String(value))}`,
      options: { secretKey: SECRET, [option]: value } as SessionModuleOptions,
      code: 'ERR_SESSION_OPTION_INVALID',
      message: `Cannot use the session option "${option}": its value is not possible. ${remedy}`,
    })),
  ),
  ...together.map(([options, option, why, remedy]) => ({
    title: JSON.stringify(options),
    options: { secretKey: SECRET, ...options },
    code: 'ERR_SESSION_OPTION_INVALID',
    message: `Cannot use the session option "${option}": ${why}. ${remedy}`,
  })),
  ...unknown.map(([name, remedy]) => ({
    title: `unknown option ${name}`,
    options: JSON.parse(`{"secretKey":"${SECRET}",${JSON.stringify(name)}:1}`) as SessionModuleOptions,
    code: 'ERR_SESSION_OPTION_UNKNOWN',
    message: `Cannot use the session option ${JSON.stringify(name)}: it does not exist. ${remedy}`,
  })),
];
