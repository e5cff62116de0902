import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import passport from 'passport';
import { SessionManager } from 'nestjs-sessions';
import type { Platform } from '../../../support/app.js';

/** Sets passport up as docs/express.md says. */
export const setUpPassport: Readonly<Record<Platform, (app: INestApplication) => void>> = {
  express(app) {
    app.use(app.get(SessionManager).expressSession(), passport.initialize(), passport.session());
  },

  fastify(app) {
    const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    app.use(app.get(SessionManager).expressSession());
    fastify.decorateRequest('session', {
      getter(this: { raw: { session?: unknown } }) {
        return this.raw.session;
      },
      setter(this: { raw: { session?: unknown } }, value: unknown) {
        this.raw.session = value;
      },
    });
    fastify.addHook('preHandler', (request, reply, done) => {
      passport.session()(request, reply, done);
    });
  },
};
