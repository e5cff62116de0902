import { Authenticator } from '@fastify/passport';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Post, Req, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Strategy } from 'passport-local';
import { startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { exportOf } from '../../support/documents.js';
import { DELETION, sentClaims, type Claims } from '../../support/tokens.js';
import { logIn } from './support/passport.js';

interface User {
  readonly name: string;
}

interface PassportRequest {
  readonly user?: User | null;
  readonly session: { set(key: string, value: unknown): void };
  logIn(user: User, options?: object): Promise<void>;
  logOut(): Promise<void>;
  flash(type: string, message: string): unknown;
}

@Controller()
class UserController {
  @Get()
  hello(@Req() request: PassportRequest): unknown {
    return { user: request.user };
  }

  @Get('cart')
  cart(@Req() request: PassportRequest): void {
    request.session.set('cart', ['a']);
  }

  @Get('flash')
  flash(@Req() request: PassportRequest): void {
    request.flash('info', 'Saved.');
  }

  @Get('show')
  show(@Res({ passthrough: true }) reply: { flash(type: string): unknown }): unknown {
    return reply.flash('info');
  }

  @Post('keep')
  async keep(@Req() request: PassportRequest): Promise<void> {
    await request.logIn({ name: 'ada' }, { keepSessionInfo: true });
  }

  @Post('logout')
  async logOut(@Req() request: PassportRequest): Promise<void> {
    await request.logOut();
  }
}

function verify(name: string, password: string, done: (error: null, user: User | false) => void): void {
  done(null, password === 'correct horse' && { name });
}

async function start(clearSessionOnLogin = true): Promise<Client> {
  const passport = new Authenticator({ clearSessionOnLogin });
  passport.use('local', new Strategy(verify) as never);
  passport.registerUserSerializer(({ name }: User) => Promise.resolve(name));
  passport.registerUserDeserializer((name: string) => Promise.resolve({ name }));
  const useFastifyPassport = await exportOf<(app: INestApplication) => void>('docs/express.md', 'useFastifyPassport');
  const app = await startApp('fastify', {
    controllers: [UserController],
    configure(nest) {
      useFastifyPassport(nest);
      const fastify = (nest as NestFastifyApplication).getHttpAdapter().getInstance();
      fastify.register(passport.initialize() as never);
      fastify.register(passport.secureSession() as never);
      fastify.after(() => {
        fastify.post('/login', { preValidation: passport.authenticate('local') }, (request, reply) =>
          reply.send((request as unknown as PassportRequest).user),
        );
      });
    },
  });
  return app.client();
}

describe('@fastify/passport', () => {
  let client: Client;

  beforeEach(async () => {
    client = await start();
  });

  it('knows the user who is logged in, under a new id and without the data before it', async () => {
    const before = sentClaims(await client.get('/cart'));
    const reply = await logIn(client);
    expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([200, '{"name":"ada"}', { passport: 'ada' }]);
    expect(sentClaims(reply).jti).not.toBe(before.jti);
    expect((await client.get('/')).text).toBe('{"user":{"name":"ada"}}');
  });

  it('sends no cookie to visitors who are not logged in, nor with a wrong password', async () => {
    const [hello, refused] = [await client.get('/'), await logIn(client, 'ada', 'wrong')];
    expect([hello.setCookie, refused.status, refused.setCookie]).toEqual([[], 401, []]);
  });

  it('knows no user after log-out', async () => {
    await logIn(client);
    expect((await client.post('/logout')).setCookie).toEqual([DELETION]);
    expect((await client.get('/')).text).toBe('{"user":null}');
  });

  it('keeps the data with keepSessionInfo', async () => {
    await client.get('/cart');
    expect(sentClaims(await client.post('/keep')).data).toEqual({ cart: ['a'], passport: 'ada' });
  });

  it('keeps the data with clearSessionOnLogin: false, at log-out too, under new ids', async () => {
    const keeping = await start(false);
    const sent: Claims[] = [];
    // One by one: with a store, the data of a session is gone when the next one has begun.
    for (const ask of [() => keeping.get('/cart'), () => logIn(keeping), () => keeping.post('/logout')]) {
      sent.push(sentClaims(await ask()));
    }
    expect(sent.map(({ data }) => data)).toEqual([{ cart: ['a'] }, { cart: ['a'], passport: 'ada' }, { cart: ['a'] }]);
    expect(new Set(sent.map(({ jti }) => jti)).size).toBe(3);
  });

  it('shows a message once', async () => {
    await client.get('/flash');
    expect([(await client.get('/show')).text, (await client.get('/show')).text]).toEqual(['["Saved."]', '[]']);
  });
});
