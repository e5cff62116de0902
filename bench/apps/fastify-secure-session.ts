import { Session } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import secureSession from '@fastify/secure-session';
import { type ApplicationFactory, byMethod, controllerOf, MAX_AGE, SECRET } from './application.js';

const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: false, maxAge: MAX_AGE } as const;
const options = { key: Buffer.from(SECRET), expiry: MAX_AGE, cookie };

export const application: ApplicationFactory = (order) => ({
  prepare: (app) => (app as NestFastifyApplication).register(secureSession, options),
  controllers: [controllerOf(order, Session(), byMethod)],
});
