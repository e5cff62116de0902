import { expect, it } from '@jest/globals';
import { Controller, Get, HttpStatus, Post, Redirect } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { routes } from '../../support/routes.js';
import { savedClaims } from '../../support/saved.js';
import { SessionFilter } from '../../support/session-filter.js';
import { DELETION, sentClaims, signIn } from '../../support/tokens.js';

const controller = routes({
  leave: (session) => session.flash('notice', 'Saved.'),
  'leave-two': (session) => {
    session.flash('notice', { text: 'Saved.' });
    session.flash('errors', ['name']);
  },
  'leave-nothing': (session) => session.flash('notice', undefined),
  'leave-and-take': (session) => {
    session.flash('notice', 'Saved.');
    return [session.flash('notice'), session.flash('notice') ?? null];
  },
  take: (session) => [session.flash('notice') ?? null],
  'take-errors': (session) => [session.flash('errors') ?? null],
  inherited: (session) => [session.flash('constructor') ?? null, session.flash('__proto__') ?? null],
  forbidden: (session) => session.flash('__proto__', { admin: true }),
  'log-in': (session) => session.regenerate(),
  plain: (session) => [session.size],
});

@Controller('form')
class FormController {
  @Post()
  @Redirect('/take', HttpStatus.SEE_OTHER)
  save(@Session() session: Session): void {
    session.flash('notice', 'Saved.');
  }

  @Get()
  show(): string {
    return 'form';
  }
}

const json = async (client: Client, path: string) => JSON.parse((await client.get(path)).text) as unknown;

describeOnEachPlatform('A flash value', (platform) => {
  const start = async () => {
    const filter = new SessionFilter();
    const controllers = [controller, FormController];
    const app = await startApp(platform, { controllers, configure: (a) => a.useGlobalFilters(filter) });
    return { client: app.client(), filter };
  };

  it('is seen by exactly one request', async () => {
    const { client } = await start();
    expect(sentClaims(await client.get('/leave')).data).toEqual({ $flash: { notice: 'Saved.' } });
    await expect(json(client, '/take')).resolves.toEqual(['Saved.']);
    await expect(json(client, '/take')).resolves.toEqual([null]);
  });

  it('waits for the request that asks for it', async () => {
    const { client } = await start();
    await client.get('/leave');
    await client.get('/form');
    await client.get('/plain');
    await expect(json(client, '/take')).resolves.toEqual(['Saved.']);
  });

  it('survives a redirect', async () => {
    const { client } = await start();
    const reply = await client.post('/form');
    expect([reply.status, reply.headers.location]).toEqual([303, '/take']);
    await expect(json(client, '/take')).resolves.toEqual(['Saved.']);
  });

  it('may be one of several, each taken by itself', async () => {
    const { client } = await start();
    await client.get('/leave-two');
    await expect(json(client, '/take')).resolves.toEqual([{ text: 'Saved.' }]);
    await expect(json(client, '/take')).resolves.toEqual([null]);
    await expect(json(client, '/take-errors')).resolves.toEqual([['name']]);
    await expect(json(client, '/take-errors')).resolves.toEqual([null]);
  });

  it('leaves other values alone, and nothing behind', async () => {
    const { client } = await start();
    await signIn(client, { user: 'tom' });
    expect(sentClaims(await client.get('/leave')).data).toEqual({ user: 'tom', $flash: { notice: 'Saved.' } });
    expect((await savedClaims(client, await client.get('/take'))).data).toEqual({ user: 'tom' });
  });

  it('ends a session that held nothing else', async () => {
    const { client } = await start();
    await client.get('/leave');
    expect((await client.get('/take')).setCookie).toEqual([DELETION]);
  });

  it('can be taken in the request that left it, which begins no session', async () => {
    const { client } = await start();
    const reply = await client.get('/leave-and-take');
    expect(JSON.parse(reply.text)).toEqual(['Saved.', null]);
    expect(reply.setCookie).toEqual([]);
  });

  it('begins no session by being asked for', async () => {
    const { client } = await start();
    expect((await client.get('/take')).setCookie).toEqual([]);
    await signIn(client, { user: 'tom' });
    expect((await client.get('/take')).setCookie).toEqual([]);
  });

  it('that is undefined begins no session, and takes an earlier one back', async () => {
    const { client } = await start();
    expect((await client.get('/leave-nothing')).setCookie).toEqual([]);
    await client.get('/leave');
    expect((await client.get('/leave-nothing')).setCookie).toEqual([DELETION]);
  });

  it('is gone after regenerate()', async () => {
    const { client } = await start();
    await client.get('/leave');
    await client.get('/log-in');
    await expect(json(client, '/take')).resolves.toEqual([null]);
  });

  it('has own keys only', async () => {
    const { client } = await start();
    await client.get('/leave');
    await expect(json(client, '/inherited')).resolves.toEqual([null, null]);
  });

  it('cannot have the key "__proto__"', async () => {
    const { client, filter } = await start();
    const reply = await client.get('/forbidden');
    expect([reply.status, reply.setCookie]).toEqual([507, []]);
    expect(filter.seen).toEqual([
      [
        'ERR_SESSION_KEY_FORBIDDEN',
        'Cannot set a value in the session: the key "__proto__" would replace the prototype. Use another key.',
      ],
    ]);
  });

  it.each([['text'], [null], [['list']], [7]])(
    'is undefined where a session holds %j in the place of all flash values',
    async ($flash) => {
      const { client } = await start();
      await signIn(client, { $flash });
      await expect(json(client, '/take')).resolves.toEqual([null]);
      expect(sentClaims(await client.get('/leave')).data['$flash']).toMatchObject({ notice: 'Saved.' });
    },
  );
});
