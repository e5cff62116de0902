import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import inject, { type Response } from 'light-my-request';
import type { RequestListener } from 'node:http';
import { SessionManager, SessionModule } from 'nestjs-sessions';
import { slowStore } from '../../../support/stores.js';
import { PathsModule } from './paths.js';
import { rawResponse } from '../../../support/routes.js';

/** A program that sends requests to an application that listens on no port, and prints what came back, as lines of JSON. */
const platform = process.argv[2];
const TEXTS = /^(?:n=\d+|gone)$/;
const store = slowStore();

@Module({
  imports: [SessionModule.forRoot({ secretKey: 'a secret of thirty-two bytes: ok', store }), PathsModule],
})
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: false });
const instance: unknown = app.getHttpAdapter().getInstance();
const sessions = app.get(SessionManager);
/** Answers a path by itself, before the framework does: `end` is looked up before the session is used. */
const answering = (path: string) => (request: { url?: string }, response: object, next: () => void) => {
  if (request.url !== path) return next();
  const raw = rawResponse(response);
  const count = ({ data } = sessions.open(request, response)) => (data['n'] = Number(data['n'] ?? 0) + 1);
  raw.end(`n=${count()}`);
};
app.use(answering('/middleware'));
// Hooks that are older than those of the module; one is in a context of its own.
if (adapter instanceof FastifyAdapter) {
  const fastify = adapter.getInstance();
  fastify.addHook('onRequest', answering('/hook'));
  fastify.register((plugin, _options, done) => {
    plugin.addHook('onRequest', answering('/plugin'));
    plugin.get('/plugin', () => 'not reached');
    done();
  });
} else app.use(answering('/hook')).use(answering('/plugin'));
await app.init();
let cookie = '';
const kept = ['/text', '/res-send', '/raw-end', '/raw-write-head', '/raw-flush', '/throws', '/nowhere'];
for (const url of [...kept, '/middleware', '/hook', '/plugin', '/destroy', '/middleware', '/hook']) {
  const options = { url, headers: { cookie } };
  const reply =
    platform === 'fastify'
      ? await (instance as { inject: (options: object) => Promise<Response> }).inject(options)
      : await inject(instance as RequestListener, options);
  const line = [reply.headers['set-cookie'] ?? []].flat()[0];
  cookie = line?.split(';')[0] ?? cookie;
  const text = TEXTS.test(reply.payload) ? reply.payload : '';
  const row = [url, reply.statusCode, text, store.data ?? null];
  process.stdout.write(`${JSON.stringify(row)}\n`);
}
await app.close();
