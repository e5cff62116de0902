import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Platform } from './app.js';

/** The least that makes `@Render()` work: Express has a replaceable View class, Fastify wants a decorated reply. */
export function addViews(platform: Platform): (app: INestApplication) => void {
  if (platform === 'express') {
    class View {
      readonly path: string;

      constructor(name: string) {
        this.path = name;
      }

      render(data: { n?: number }, done: (error: null, html: string) => void): void {
        done(null, `${this.path}: n=${data.n}`);
      }
    }
    return (app) => void (app as NestExpressApplication).set('view', View);
  }
  return (app) => {
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    fastify.decorateReply('view', function view(this: FastifyReply, name: string, data: { n?: number }) {
      return this.header('Content-Type', 'text/html').send(`${name}: n=${data.n}`);
    });
  };
}
