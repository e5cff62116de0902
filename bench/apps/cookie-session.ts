import { Session } from '@nestjs/common';
import cookieSession from 'cookie-session';
import { type ApplicationFactory, byProperty, controllerOf, MAX_AGE, SECRET } from './application.js';

const options = { name: 'session', maxAge: MAX_AGE * 1000, sameSite: 'lax' } as const;

export const application: ApplicationFactory = (order) => ({
  prepare: (app) => app.use(cookieSession({ ...options, keys: [SECRET] })),
  controllers: [controllerOf(order, Session(), byProperty)],
});
