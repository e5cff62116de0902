import { Session } from '@nestjs/common';
import cookieSession from 'cookie-session';
import { type ApplicationFactory, byProperty, controllerOf, MAX_AGE, SECRET } from './application.js';

export const application: ApplicationFactory = (order) => ({
  prepare: (app) =>
    app.use(cookieSession({ name: 'session', keys: [SECRET], maxAge: MAX_AGE * 1000, sameSite: 'lax' })),
  controllers: [controllerOf(order, Session(), byProperty)],
});
