import { Session } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import cookiePlugin from '@fastify/cookie';
import fastifySession from '@fastify/session';
import { type ApplicationFactory, byMethod, controllerOf, MAX_AGE, SECRET } from './application.js';
import { connectRedis } from './stores.js';

const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: false, maxAge: MAX_AGE * 1000 } as const;
const options = { secret: SECRET, saveUninitialized: false, rolling: false, cookie };

export const application: ApplicationFactory = (order) => ({
  async prepare(app) {
    await (app as NestFastifyApplication).register(cookiePlugin);
    await (app as NestFastifyApplication).register(fastifySession, { ...options, ...(await connectRedis(order)) });
  },
  controllers: [controllerOf(order, Session(), byMethod)],
});
