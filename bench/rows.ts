// What is measured: each row is an application and the requests that it is sent.
import type { Order } from './apps/application.js';
import { DIST } from './codecs.js';

/** The web frameworks that Nest runs on. */
export const PLATFORMS = ['Express', 'Fastify'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** The row that all surcharges are taken from. */
export const EMPTY = 'empty interceptor';
/** The same once more: how far it is from itself is the noise. */
export const AGAIN = `${EMPTY}, again`;
/** As ours: it does something once the handler has answered. */
export const AFTERWARDS = 'interceptor that acts afterwards';
/** How the rows of this package begin. */
export const OURS = 'nestjs-sessions';

/** Two with goals, and one more. The second one keeps sessions on the server: in memory, unless a row says Redis. */
export const PEERS = {
  Express: ['cookie-session', 'express-session', 'iron-session'],
  Fastify: ['@fastify/secure-session', '@fastify/session', 'iron-session'],
} as const;

const PAGES = ['read', 'written', 'injected'] as const;
const COOKIES = ['new tokens', 'half of the tokens new', '400 clients', 'junk cookie', 'forged cookie'] as const;

/** A row. Its name says what is done with the session, which cookies are sent, and how large the session is. */
export interface Row extends Order {
  readonly name: string;
  readonly page: 'untouched' | (typeof PAGES)[number];
  /** `login`: what the log-in has set, again and again. New tokens never come twice. */
  readonly cookies: 'login' | (typeof COOKIES)[number];
}

/** All rows of a platform. */
export function rowsOn(platform: Platform): Row[] {
  const rowsOf = (who: string, pages: readonly string[], more: Pick<Row, 'app'> & Partial<Row>): Row[] =>
    pages.map((what) => {
      const words = what.split(', ');
      const page = PAGES.find((each) => words.includes(each)) ?? 'untouched';
      const cookies = COOKIES.find((each) => words.includes(each)) ?? 'login';
      const size = Number(/(\d+) bytes/.exec(what)?.[1] ?? 139);
      const name = what === '' ? who : `${who}, ${what}`;
      return { platform, name, page, cookies, size, interceptor: 'empty', options: {}, dist: DIST, ...more };
    });
  const ours = (pages: readonly string[], more: Partial<Row> = {}) =>
    rowsOf(OURS, pages, { app: 'ours', interceptor: 'none', ...more });
  const rows = [
    ...rowsOf(EMPTY, ['', 'again', '1000 bytes', '2500 bytes'], { app: 'nest' }),
    ...rowsOf(AFTERWARDS, [''], { app: 'nest', interceptor: 'afterwards' }),
    ...rowsOf('hand-written', ['read', 'read, new tokens', 'written', 'written, new tokens'], { app: 'hand-written' }),
    ...ours(['untouched', 'read', 'read, new tokens', 'written', 'written, new tokens', 'injected']),
    ...ours(['encrypted, read', 'encrypted, written'], { options: { encrypt: true } }),
    ...ours(['read, half of the tokens new', 'read, 400 clients', 'read, junk cookie', 'read, forged cookie']),
    ...ours(['read, 1000 bytes', 'read, 2500 bytes', 'read, new tokens, 2500 bytes']),
    ...ours(['nothing remembered, read, new tokens', 'nothing remembered, read, new tokens, 2500 bytes'], {
      options: { rememberVerified: false },
    }),
    ...ours(['current session, untouched', 'current session, read'], { options: { currentSession: true } }),
    ...ours(['memory, read'], { store: 'memory' }),
    ...ours(['Redis, untouched', 'Redis, read', 'Redis, written'], { store: 'redis' }),
    ...ours(['Redis by ioredis, read', 'Redis by ioredis, written'], { store: 'ioredis' }),
    ...PEERS[platform].flatMap((peer, index) => {
      const app = peer.replace('@fastify/', 'fastify-');
      const bare = rowsOf(peer, ['read, no interceptor', 'written, no interceptor'], { app, interceptor: 'none' });
      const inRedis = rowsOf(peer, index === 1 ? ['Redis, read', 'Redis, written'] : [], { app, store: 'redis' });
      return rowsOf(peer, ['read', 'written'], { app }).concat(bare, inRedis);
    }),
  ];
  return rows.filter(({ store = 'memory' }) => store === 'memory' || process.env.REDIS_URL !== undefined);
}
