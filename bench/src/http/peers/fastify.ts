import { Controller, Get, type INestApplication, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import cookiePlugin from '@fastify/cookie';
import secureSession from '@fastify/secure-session';
import fastifySession from '@fastify/session';
import { MAX_AGE } from '../../codec/contender.js';
import type { Visitor } from '../../codec/session.js';
import type { Page, Setting, Variant } from '../variant.js';
import { type PeerControllers, variantsOf } from './variants-of.js';

interface RequestWithSession {
  readonly session: {
    get<K extends keyof Visitor>(key: K): Visitor[K];
    set<K extends keyof Visitor>(key: K, value: Visitor[K]): void;
  };
}

function controllers({ visitor }: Setting): PeerControllers {
  @Controller()
  class LoginController {
    @Get('login')
    login(@Req() { session }: RequestWithSession): void {
      for (const [key, value] of Object.entries(visitor)) session.set(key as keyof Visitor, value as never);
    }
  }

  @Controller()
  class ReadController {
    @Get()
    page(@Req() { session }: RequestWithSession): Page {
      return { hello: session.get('name') };
    }
  }

  @Controller()
  class WrittenController {
    @Get()
    page(@Req() { session }: RequestWithSession): Page {
      session.set('visits', session.get('visits') + 1);
      return { hello: session.get('name') };
    }
  }
  return { login: LoginController, read: ReadController, written: WrittenController };
}

/** What Nest's `register` takes; the plugins' own declarations belong to Fastify as they know it. */
type Plugin = Parameters<NestFastifyApplication['register']>[0];

async function register(app: INestApplication, plugin: unknown, options: object): Promise<void> {
  await (app as NestFastifyApplication).register(plugin as Plugin, options);
}

const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: false } as const;

/** Applications with plugins of Fastify. */
export const fastifyPeers: readonly Variant[] = [
  ...variantsOf('@fastify/secure-session', {
    platforms: ['fastify'],
    prepare(app, { secrets }) {
      const key = secrets.map((secret) => Buffer.from(secret).subarray(0, 32));
      return register(app, secureSession, { key, expiry: MAX_AGE, cookie: { ...cookie, maxAge: MAX_AGE } });
    },
    controllers,
  }),
  ...variantsOf('@fastify/session, memory store', {
    platforms: ['fastify'],
    async prepare(app, { secrets }) {
      await register(app, cookiePlugin, {});
      await register(app, fastifySession, {
        secret: [...secrets],
        saveUninitialized: false,
        rolling: false,
        cookie: { ...cookie, maxAge: MAX_AGE * 1000 },
      });
    },
    controllers,
  }),
];
