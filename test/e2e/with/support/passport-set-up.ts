import type { INestApplication } from '@nestjs/common';
import passport from 'passport';
import { SessionManager } from 'nestjs-sessions';
import type { Platform } from '../../../support/app.js';
import { exportOf } from '../../../support/documents.js';

type SetUp = (app: INestApplication) => unknown;

/** Sets passport up as docs/express.md says; on Fastify by its program. */
export const setUpPassport: Readonly<Record<Platform, SetUp>> = {
  express: (app) => app.use(app.get(SessionManager).expressSession(), passport.initialize(), passport.session()),
  fastify: async (app) => (await exportOf<SetUp>('docs/express.md', 'usePassport'))(app),
};
