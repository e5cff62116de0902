import { Session } from '@nestjs/common';
import expressSession from 'express-session';
import { type ApplicationFactory, byProperty, controllerOf, MAX_AGE, SECRET } from './application.js';
import { connectRedis } from './stores.js';

const cookie = { maxAge: MAX_AGE * 1000, sameSite: 'lax' } as const;
const options = { secret: SECRET, resave: false, saveUninitialized: false, cookie };

export const application: ApplicationFactory = (order) => ({
  prepare: async (app) => app.use(expressSession({ ...options, ...(await connectRedis(order)) })),
  controllers: [controllerOf(order, Session(), byProperty)],
});
