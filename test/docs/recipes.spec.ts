import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post, type MiddlewareConsumer, type Type, UseGuards } from '@nestjs/common';
import { BadRequestException, type CustomDecorator } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { type AppOptions, describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../support/app.js';
import { setClock, stopClock } from '../support/clock.js';
import { exportOf } from '../support/documents.js';
import { routes } from '../support/routes.js';
import { claimsOf, ID, sentClaims, sentCookie, sentMaxAge, signIn } from '../support/tokens.js';

const PAGE = 'docs/recipes.md';
const recipe = <T = Type<unknown>>(name: string) => exportOf<T>(PAGE, name);
const json = (body: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describeOnEachPlatform('A recipe of docs/recipes.md', (platform) => {
  const start = async (options: AppOptions) => startApp(platform, options);
  const clientOf = async (options: AppOptions) => (await start(options)).client();

  beforeAll(() => void Object.assign(process.env, { SESSION_SECRET: SECRET, STAFF_SECRET: OTHER_SECRET }));
  afterAll(() => {
    for (const name of ['SESSION_SECRET', 'STAFF_SECRET']) Reflect.deleteProperty(process.env, name);
  });

  it('logs in with a new id, keeps the cart, and logs out', async () => {
    const [controller, users] = [await recipe('LoginController'), await recipe('Users')];
    const client = await clientOf({ controllers: [controller], providers: [users] });
    await signIn(client, { cart: ['tea'], other: 1 });
    expect((await client.post('/login', json({ name: 'ada', password: 'wrong' }))).status).toBe(401);
    const reply = await client.post('/login', json({ name: 'ada', password: 'correct horse' }));
    expect([reply.status, sentClaims(reply).data]).toEqual([204, { cart: ['tea'], user: { id: 7, name: 'ada' } }]);
    expect(sentClaims(reply).jti).not.toBe(ID);
    await client.post('/logout');
    expect(await client.cookieNames()).toEqual([]);
  });

  it('guards an application by SessionGuard(), with a predicate for some and none for others', async () => {
    const client = await clientOf({ imports: [await recipe('OrdersModule')] });
    const statuses = async () => [
      (await client.get('/orders')).status,
      (await client.post('/orders/ship')).status,
      (await client.get('/orders/prices')).status,
    ];
    expect(await statuses()).toEqual([401, 401, 200]);
    await signIn(client, { user: 'ada' });
    expect(await statuses()).toEqual([200, 403, 200]);
    await signIn(client, { user: 'ada', role: 'clerk' });
    expect(await statuses()).toEqual([200, 201, 200]);
  });

  it('keeps visitors out who are not logged in, but from what is public', async () => {
    const [guard, isPublic] = [await recipe('LoggedInGuard'), await recipe<Mark<boolean>>('Public')];

    @Controller()
    class PagesController {
      @Get('private')
      private(): string {
        return 'for users';
      }

      @Get('public')
      @isPublic(true)
      public(): string {
        return 'for all';
      }
    }
    const client = await clientOf({
      controllers: [PagesController],
      providers: [{ provide: APP_GUARD, useClass: guard }],
    });
    expect([(await client.get('/private')).status, (await client.get('/public')).text]).toEqual([401, 'for all']);
    await signIn(client, { user: 'ada' });
    expect((await client.get('/private')).text).toBe('for users');
  });

  it('lets in by role', async () => {
    const [guard, roles] = [await recipe('RolesGuard'), await recipe<Mark<string[]>>('Roles')];

    @Controller()
    @UseGuards(guard)
    class PagesController {
      @Get('admin')
      @roles(['admin', 'root'])
      admin(): string {
        return 'for admins';
      }

      @Get('open')
      open(): string {
        return 'for all';
      }
    }
    const client = await clientOf({ controllers: [PagesController] });
    const statuses = async () => [(await client.get('/admin')).status, (await client.get('/open')).status];
    expect(await statuses()).toEqual([403, 200]);
    await signIn(client, { roles: ['editor'] });
    expect(await statuses()).toEqual([403, 200]);
    await signIn(client, { roles: ['editor', 'admin'] });
    expect(await statuses()).toEqual([200, 200]);
  });

  it('hands out the current user', async () => {
    const client = await clientOf({ controllers: [await recipe('MeController')] });
    expect((await client.get('/me')).text).toBe('nobody');
    await signIn(client, { userId: 7 });
    expect([(await client.get('/me')).text, (await client.get('/me/id')).text]).toEqual(['user 7', '7']);
  });

  it('remembers a user for longer, and nobody for longer than the absolute end', async () => {
    stopClock();
    const imports = [await recipe('RememberMeModule')];
    const controllers = [routes({ touch: (session) => session.touch() })];
    const client = await clientOf({ session: false, imports, controllers });
    const day = 24 * 60 * 60;
    const brief = await client.post('/remember-me', json({ name: 'ada', remember: false }));
    expect(sentMaxAge(brief)).toBeUndefined();
    expect(sentClaims(brief).exp - sentClaims(brief).iat).toBe(day);
    const long = await client.post('/remember-me', json({ name: 'ada', remember: true }));
    expect(sentMaxAge(long)).toBe(30 * day);
    const left: unknown[] = [];
    for (const days of [29, 58, 87]) {
      setClock(days * day);
      left.push(sentMaxAge(await client.get('/touch')));
    }
    expect(left).toEqual([30 * day, 30 * day, 3 * day]);
  });

  it('flashes a message once', async () => {
    const client = await clientOf({ controllers: [await recipe('SettingsController')] });
    const { status, headers } = await client.post('/settings');
    expect([status, headers.location]).toEqual([303, '/settings']);
    const texts = [(await client.get('/settings')).text, (await client.get('/settings')).text];
    expect(texts).toEqual(['Saved.', 'Nothing new.']);
  });

  it('counts in a middleware', async () => {
    const middleware = await recipe('CountVisits');

    @Controller()
    class EmptyController {
      @Get()
      nothing(): void {}
    }

    @Module({ controllers: [EmptyController] })
    class CountingModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(middleware).forRoutes('/');
      }
    }
    const client = await clientOf({ imports: [CountingModule] });
    await client.get('/');
    expect(sentClaims(await client.get('/')).data).toEqual({ visits: 2 });
  });

  it('sends a failed form back with a message', async () => {
    @Controller()
    class FormController {
      @Post('form')
      fail(): never {
        throw new BadRequestException('Give a name.');
      }
    }
    const client = await clientOf({
      controllers: [FormController, await recipe('SettingsController')],
      providers: [{ provide: APP_FILTER, useClass: await recipe('BackToTheForm') }],
    });
    const { status, headers } = await client.post('/form');
    expect([status, headers.location]).toEqual([303, '/settings']);
    expect((await client.get('/settings')).text).toBe('Give a name.');
  });

  it('answers by hand', async () => {
    const reply = await (await clientOf({ controllers: [await recipe('ByHandController')] })).get('/by-hand');
    expect([reply.text, sentClaims(reply).data]).toEqual(['done', { seen: true }]);
  });

  it('sends a file to its owner only, and lets no cache keep it', async () => {
    const client = await clientOf({ controllers: [await recipe('InvoiceController')] });
    expect((await client.get('/invoice')).status).toBe(403);
    await signIn(client, { user: 'ada' });
    const { text, headers } = await client.get('/invoice');
    expect([headers['cache-control'], JSON.parse(text)]).toEqual([
      'private, no-store',
      expect.objectContaining({ name: 'nestjs-sessions' }),
    ]);
  });

  it('saves what is changed before the first event', async () => {
    const client = await clientOf({ controllers: [await recipe('NewsController')] });
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/news');
    expect(reply.text).toMatch(/data: ada 1\n[^]*data: ada 2\n/);
    expect(sentClaims(reply).data).toEqual({ user: 'ada', reads: 1 });
  });

  it('gives a service what it needs of the session', async () => {
    const client = await clientOf({
      controllers: [await recipe('PriceController'), await recipe('BasketController')],
      providers: [await recipe('Prices'), await recipe('Basket')],
    });
    expect([(await client.get('/price')).text, (await client.get('/basket')).text]).toEqual(['10 €', '0']);
    await signIn(client, { country: 'se', cart: ['tea', 'jam'] });
    expect([(await client.get('/price')).text, (await client.get('/basket')).text]).toEqual(['100 kr', '2']);
  });

  it('keeps two sessions apart', async () => {
    const guard = await recipe('StaffGuard');

    @Controller('admin')
    @UseGuards(guard)
    class AdminController {
      @Get()
      page(): string {
        return 'for staff';
      }
    }
    const imports = [await recipe('SeveralSessionsModule')];
    const client = await clientOf({ session: false, imports, controllers: [AdminController] });
    expect((await client.get('/admin')).status).toBe(403);
    const reply = await client.post('/staff/login');
    expect(['session', 'staff'].map((name) => sentClaims(reply, name).data)).toEqual([{ visits: 1 }, { user: 'ada' }]);
    expect([(await client.get('/admin')).text, (await client.get('/staff')).text]).toEqual(['for staff', 'ada']);
    expect(claimsOf((await client.cookie('staff')) ?? '').exp).toBe(sentClaims(reply, 'staff').iat + 900);
  });

  it('sends the cookie to the domain of the tenant', async () => {
    const imports = [await recipe('TenantsModule')];
    const controllers = [await recipe('SettingsController')];
    const client = await clientOf({ session: false, imports, controllers });
    const attributesFor = async (host: string) =>
      sentCookie(await client.post('/settings', { headers: { host } })).attributes;
    expect(await attributesFor('shop.b.org')).toContain('Domain=b.org');
    expect((await attributesFor('elsewhere.org')).join()).not.toContain('Domain');
  });
});

type Mark<T> = (value: T) => CustomDecorator;
