import { Controller, type DynamicModule, Get, type INestApplication, type Type } from '@nestjs/common';

/** What a server process is started with. */
export interface Order {
  readonly platform: 'Express' | 'Fastify';
  /** The file of this folder that it runs. */
  readonly app: string;
  /** Which one stands before it, as ours always has one: one that does nothing, or one that acts afterwards. */
  readonly interceptor: 'none' | 'empty' | 'afterwards';
  /** Of the session's data, in bytes of JSON. */
  readonly size: number;
  /** Options of this package. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where `dist/` of this package is, as a URL. */
  readonly dist: string;
}

/** What each file of this folder exports as `application`; `prepare` adds middleware and plugins. */
export type ApplicationFactory = (order: Order) => Application | Promise<Application>;
type Application = Pick<DynamicModule, 'imports' | 'providers' | 'controllers'> & {
  readonly prepare?: (app: INestApplication) => unknown;
};

/** What the sessions hold. */
export interface Visitor {
  readonly name: string;
  visits: number;
}

/** What a page answers. */
interface Page {
  readonly hello: string | undefined;
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

/** What an application does with the session that its decorator gives. */
interface Handlers<S> {
  readonly begin: (session: S, visitor: Visitor) => unknown;
  readonly read: (session: S) => Page;
  readonly write: (session: S) => Page | Promise<Page>;
}

/** Handlers of a session that is an object on the request. */
export const byProperty: Handlers<Visitor> = {
  begin: (session, visitor) => void Object.assign(session, visitor),
  read: (session) => ({ hello: session.name }),
  write(session) {
    session.visits += 1;
    return { hello: session.name };
  },
};

/** Handlers of a session that has `get` and `set`. */
export const byMethod: Handlers<Pick<Map<string, unknown>, 'get' | 'set'>> = {
  begin(session, visitor) {
    for (const [key, value] of Object.entries(visitor)) session.set(key, value);
  },
  read: (session) => ({ hello: session.get('name') as string }),
  write(session) {
    session.set('visits', (session.get('visits') as number) + 1);
    return { hello: session.get('name') as string };
  },
};

/** `GET /login` begins a session, and each other path is a page that is measured. */
export function controllerOf<S>({ size }: Order, session: ParameterDecorator, handlers: Handlers<S>): Type {
  @Controller()
  class SessionController {
    @Get('login')
    login(@session given: S) {
      return handlers.begin(given, visitorOf(size));
    }

    @Get('untouched')
    untouched() {
      return { hello: 'Ada' };
    }

    @Get('read')
    read(@session given: S) {
      return handlers.read(given);
    }

    @Get('written')
    write(@session given: S) {
      return handlers.write(given);
    }
  }
  return SessionController;
}
