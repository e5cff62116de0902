import {
  asgiSessionsFernet,
  asgiSessionsJwt,
  cookieSession,
  flask,
  type ForeignFormat,
  starlette,
} from '../../../lib/interop/index.js';

/** 32 ASCII characters: what every format takes. */
export const SECRET = 'nestjs-sessions-interop-secret!!';
export const NOW = 1_767_225_600;
/** For formats without a time: far beyond what any test looks at. */
export const ACCEPT_UNTIL = new Date('2100-01-01');

/** Every format by its name, with a secret. */
export const FORMATS = {
  starlette: (secretKey) => starlette({ secretKey, allowShortSecret: true }),
  flask: (secretKey) => flask({ secretKey, allowShortSecret: true }),
  'asgi-sessions jwt': (secretKey) => asgiSessionsJwt({ secretKey, allowShortSecret: true, acceptUntil: ACCEPT_UNTIL }),
  'asgi-sessions fernet': (secretKey) => asgiSessionsFernet({ secretKey, allowShortSecret: true }),
  'cookie-session': (secretKey) =>
    cookieSession({ keys: [secretKey], allowShortSecret: true, acceptUntil: ACCEPT_UNTIL }),
} satisfies Record<string, (secret: string) => ForeignFormat>;

export type FormatName = keyof typeof FORMATS;
export const NAMES = Object.keys(FORMATS) as readonly FormatName[];
export const IN_PYTHON = NAMES.filter((name) => name !== 'cookie-session');

export const formatFor = (name: FormatName, secret = SECRET): ForeignFormat => FORMATS[name](secret);

/** The values of a cookie and its companions. */
export type Values = readonly [string, ...(string | undefined)[]];

export function open(format: ForeignFormat, values: Values, now = NOW) {
  return format.open(values, { cookieName: 'session', now });
}

export function write(format: ForeignFormat, data: unknown, now = NOW): readonly [string, ...string[]] {
  if (format.write === undefined) throw new Error('This format cannot write.');
  return format.write(JSON.stringify(data), { cookieName: 'session', now, maxAge: 60 });
}

/** Whatever a peer calls a cookie, as values. */
export function valuesOf(value: string | readonly string[] | undefined): Values {
  const [first, ...rest] = typeof value === 'string' ? [value] : (value ?? []);
  if (first === undefined) throw new Error('The peer has written no cookie.');
  return [first, ...rest];
}
