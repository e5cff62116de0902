// The packed package by require(): a CommonJS application that no compiler has touched.
require('reflect-metadata');
const assert = require('node:assert/strict');
const { Controller, Get, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ExpressAdapter } = require('@nestjs/platform-express');
const { FastifyAdapter } = require('@nestjs/platform-fastify');
const { Session, SessionModule } = require('nestjs-sessions');
const { fakeSession, readSession, sessionCookie } = require('nestjs-sessions/testing');

class AppController {
  hello(session) {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return String(session.get('visits'));
  }
}
const { prototype } = AppController;
Session()(prototype, 'hello', 0);
Get()(prototype, 'hello', Object.getOwnPropertyDescriptor(prototype, 'hello'));
Controller()(AppController);

class AppModule {}
Module({
  imports: [SessionModule.forRoot('a secret of at least thirty-two bytes', { encrypt: true })],
  controllers: [AppController],
})(AppModule);

async function main() {
  assert.equal(new AppController().hello(fakeSession({ visits: 1 })), '2');
  for (const adapter of [new ExpressAdapter(), new FastifyAdapter()]) {
    const app = await NestFactory.create(AppModule, adapter, { logger: ['error', 'warn'] });
    await app.listen(0, '127.0.0.1');
    const url = `http://127.0.0.1:${app.getHttpServer().address().port}/`;
    const response = await fetch(url, { headers: { cookie: sessionCookie(app, { visits: 2 }) } });
    assert.equal(await response.text(), '3');
    assert.deepEqual(readSession(app, response), { visits: 3 });
    await app.close();
    process.stdout.write(`the packed package makes a round trip on ${adapter.getType()}, by require()\n`);
  }
}

void main();
