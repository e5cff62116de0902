// What a new user writes: the packed package in an empty application, one round trip on each platform.
import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { strict as assert } from 'node:assert';
import type { AddressInfo } from 'node:net';
import { Session, SessionManager, SessionModule, SessionService } from 'nestjs-sessions';

interface Visitor {
  visits: number;
}

@Injectable()
class Visits {
  constructor(@Inject(SessionService) private readonly session: SessionService<Visitor>) {}

  count(): number {
    this.session.set('visits', (this.session.get('visits') ?? 0) + 1);
    return this.session.data.visits;
  }
}

@Controller()
class AppController {
  constructor(
    @Inject(Visits) private readonly visits: Visits,
    @Inject(SessionManager) private readonly sessions: SessionManager,
  ) {
    assert.equal(typeof this.sessions.open, 'function');
  }

  @Get()
  hello(@Session() session: Session<Visitor>): string {
    const visits = this.visits.count();
    assert.equal(session.get('visits'), visits);
    return String(visits);
  }
}

@Module({
  imports: [SessionModule.forRoot('a secret of at least thirty-two bytes')],
  controllers: [AppController],
  providers: [Visits],
})
class AppModule {}

for (const adapter of [new ExpressAdapter(), new FastifyAdapter()]) {
  const app = await NestFactory.create(AppModule, adapter, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/`;
  const first = await fetch(url);
  const [cookie = ''] = first.headers.getSetCookie();
  const second = await fetch(url, { headers: { cookie: cookie.slice(0, cookie.indexOf(';')) } });
  assert.deepEqual([await first.text(), await second.text()], ['1', '2']);
  await app.close();
  process.stdout.write(`the packed package makes a round trip on ${adapter.getType()}\n`);
}
