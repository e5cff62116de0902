import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import inject, { type Response } from 'light-my-request';
import type { RequestListener } from 'node:http';
import { SessionModule } from 'nestjs-sessions';
import { slowStore } from '../../../support/stores.js';
import { PathsModule } from './paths.js';

/** A program that sends requests to an application that listens on no port, and prints what came back, as lines of JSON. */
const platform = process.argv[2];
const TEXTS = /^(?:n=\d|gone)$/;
const store = slowStore();

@Module({
  imports: [SessionModule.forRoot({ secretKey: 'a secret of thirty-two bytes: ok', store }), PathsModule],
})
class AppModule {}

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: false });
await app.init();
const instance: unknown = app.getHttpAdapter().getInstance();
let cookie = '';
const paths = ['/text', '/res-send', '/raw-end', '/raw-write-head', '/raw-flush', '/throws', '/nowhere', '/destroy'];
for (const url of paths) {
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
