// With its memory store: what is measured is the package, not a database.
import { Session } from '@nestjs/common';
import expressSession from 'express-session';
import { type ApplicationFactory, byProperty, controllerOf, MAX_AGE, SECRET } from './application.js';

const cookie = { maxAge: MAX_AGE * 1000, sameSite: 'lax' } as const;

export const application: ApplicationFactory = (order) => ({
  prepare: (app) => app.use(expressSession({ secret: SECRET, resave: false, saveUninitialized: false, cookie })),
  controllers: [controllerOf(order, Session(), byProperty)],
});
