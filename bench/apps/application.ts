import { Controller, type DynamicModule, Get, type INestApplication, type Type } from '@nestjs/common';

/** What a server process is started with. */
export interface Order {
  readonly platform: 'Express' | 'Fastify';
  /** The file of this folder that it runs. */
  readonly app: string;
  /** Which one stands before it, as ours always has one: one that does nothing, or one that acts afterwards. */
  readonly interceptor: 'none' | 'empty' | 'afterwards';
  /** Where sessions are, unless it is where the package keeps them by itself. */
  readonly store?: 'memory' | 'redis' | 'ioredis';
  /** Of the session's data, in bytes of JSON. */
  readonly size: number;
  /** Options of this package. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where `dist/` of this package is, as a URL. */
  readonly dist: string;
}

/** What each file of this folder exports as `application`; `prepare` adds middleware and plugins. */
export type ApplicationFactory = (order: Order) => Application | Promise<Application>;
interface Application extends Pick<DynamicModule, 'imports' | 'controllers'> {
  readonly prepare?: (app: INestApplication) => unknown;
}

/** What the sessions hold. */
export interface Visitor {
  name: string;
  visits: number;
}

/** Lifetime of all sessions here, in seconds. */
export const MAX_AGE = 1_209_600;
/** The secret of all applications: 32 bytes. */
export const SECRET = 'nestjs-sessions bench, secret 00';

/** A session as log-ins have it, of exactly so many bytes of JSON. */
export function visitorOf(size: number): Visitor & Record<string, unknown> {
  const usual = { uid: 4711, name: 'Ada', visits: 7, csrf: '', locale: 'en-GB', roles: ['admin', 'editor'] };
  const cart = Array.from({ length: (size - 180) / 40 }, (_, index) => ({ sku: `B-${index}`, isGift: false }));
  const whole = cart.length > 0 ? { ...usual, cart } : usual;
  return { ...whole, csrf: 'x'.repeat(size - JSON.stringify(whole).length) };
}

/** How an application uses the session that its decorator gives. */
interface Access<S> {
  readonly get: (session: S, key: keyof Visitor) => unknown;
  readonly set: (session: S, key: keyof Visitor, value: never) => unknown;
  readonly save?: (session: S) => unknown;
}

/** Of a session that is an object on the request. */
export const byProperty: Access<Visitor> = {
  get: (session, key) => session[key],
  set: (session, key, value) => void (session[key] = value),
};

/** Of a session that has `get` and `set`. */
export const byMethod: Access<Pick<Map<string, unknown>, 'get' | 'set'>> = {
  get: (session, key) => session.get(key),
  set: (session, key, value) => session.set(key, value),
};

/** `GET /login` begins a session, and each other path is a page that is measured. */
export function controllerOf<S>({ size }: Order, session: ParameterDecorator, { get, set, save }: Access<S>): Type {
  @Controller()
  class SessionController {
    @Get('login')
    login(@session given: S) {
      for (const [key, value] of Object.entries(visitorOf(size))) set(given, key as keyof Visitor, value as never);
      return save?.(given);
    }

    @Get('untouched')
    untouched() {
      return { hello: 'Ada' };
    }

    @Get('read')
    read(@session given: S) {
      return { hello: get(given, 'name') };
    }

    @Get('written')
    write(@session given: S) {
      set(given, 'visits', (Number(get(given, 'visits')) + 1) as never);
      const page = { hello: get(given, 'name') };
      const saved = save?.(given);
      return saved instanceof Promise ? saved.then(() => page) : page;
    }
  }
  return SessionController;
}
