import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SessionManager } from 'nestjs-sessions';
import passport from 'passport';
import { AppModule } from './app.module.js';

/** The application, not listening yet. */
export async function createApp(): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
  app.use(app.get(SessionManager).expressSession(), passport.initialize(), passport.session());
  return app;
}
