import { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SessionManager } from 'nestjs-sessions';
import { readSession, sessionCookie } from 'nestjs-sessions/testing';
import request from 'supertest';
import { App } from 'supertest/types.js';
import { AppModule } from './../src/app.module.js';

describe('VisitsController (e2e)', () => {
  let app: INestApplication<App>;

  beforeEach(async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication();
    await app.init();
  });

  afterEach(() => app.close());

  it('counts the visits of a client', async () => {
    const agent = request.agent(app.getHttpServer());
    await agent.get('/visits').expect(200, 'Visit 1');
    await agent.get('/visits').expect(200, 'Visit 2');
  });

  it('goes on from a session that the test has made', async () => {
    const cookie = sessionCookie(app, { visits: 4, name: 'Ada' });
    const response = await request(app.getHttpServer()).get('/visits').set('Cookie', cookie).expect(200, 'Visit 5');
    expect(readSession(app, response)).toEqual({ visits: 5, name: 'Ada' });
  });

  it('asks the session in a guard', async () => {
    await request(app.getHttpServer()).get('/visits/name').expect(403);
    const cookie = sessionCookie(app, { name: 'Ada' });
    await request(app.getHttpServer()).get('/visits/name').set('Cookie', cookie).expect(200, 'Ada');
  });

  it('has one SessionManager', () => {
    expect(app.get(SessionManager)).toBeInstanceOf(SessionManager);
  });
});
