import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { sessionCookie } from 'nestjs-sessions/testing';
import request from 'supertest';
import { AppModule } from './../src/app.module.js';

describe('VisitsController on Fastify (e2e)', () => {
  let app: NestFastifyApplication;

  beforeEach(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });

  afterEach(() => app.close());

  it('counts the visits of a client', async () => {
    const agent = request.agent(app.getHttpServer());
    await agent.get('/visits').expect(200, 'Visit 1');
    await agent.get('/visits').expect(200, 'Visit 2');
  });

  it('asks the session in a guard', async () => {
    await request(app.getHttpServer()).get('/visits/name').expect(403);
    const cookie = sessionCookie(app, { name: 'Ada' });
    await request(app.getHttpServer()).get('/visits/name').set('Cookie', cookie).expect(200, 'Ada');
  });
});
