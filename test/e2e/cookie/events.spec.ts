import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException, type CanActivate, UseGuards, Controller, Get } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Session, type SessionEventHooks, SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, PLATFORMS, SECRET, startApp, suiteStore } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse, routes } from '../../support/routes.js';
import { claimsOf, ID, signIn } from '../../support/tokens.js';

const VALUE = 'a value that no event may hold';
const NAMES = ['onCreate', 'onRenew', 'onDestroy', 'onSaveFailed'] as const;

/** An event as it was reported, with the path of its request. */
type Reported = readonly [name: string, event: object, url: string | undefined];

const handleOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 16);

class Denied implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException();
  }
}

@Controller()
class Guarded {
  @Get('denied')
  @UseGuards(Denied)
  denied(): string {
    return 'never';
  }
}

const controller = routes({
  read: (session) => String(session.get('user')),
  write: (session) => session.set('user', VALUE),
  writeAndEmpty: (session) => {
    session.set('user', VALUE);
    session.clear();
  },
  clear: (session) => session.clear(),
  destroy: (session) => session.destroy(),
  destroyAndWrite: (session) => {
    session.destroy();
    session.set('user', VALUE);
  },
  regenerate: (session) => session.regenerate({ keep: ['user'] }),
  regenerateEmpty: (session) => session.regenerate(),
  touch: (session) => session.touch(),
  lifetime: (session) => (session.maxAge = 60),
  lifetimeAndWrite: (session) => {
    session.maxAge = 60;
    session.set('user', VALUE);
  },
  rollback: (session) => {
    session.destroy();
    session.rollback();
  },
  fails: (session) => {
    session.set('user', VALUE);
    throw new ForbiddenException();
  },
  tooLarge: (session) => session.set('user', VALUE.repeat(100_000)),
  unwritable: (session) => session.set('user', { big: 10n }),
  late: (session, response) => {
    const { data } = session;
    rawResponse(response).once('prefinish', () => (data['user'] = VALUE));
    return 'late';
  },
  twice: (session, response) => {
    session.set('user', VALUE);
    const raw = rawResponse(response);
    try {
      raw.writeHead(200, { 'x-bad': 'line\nbreak' });
    } catch {
      // Nothing has left: Nest answers.
    }
    return 'answered';
  },
});

describeOnEachPlatform('The events of a session', (platform) => {
  let reported: Reported[];
  const keep =
    (name: string) =>
    (event: object, { url }: IncomingMessage) => {
      reported.push([name, event, url]);
    };
  const hooks = Object.fromEntries(NAMES.map((name) => [name, keep(name)])) as SessionEventHooks;

  beforeEach(() => {
    reported = [];
    stopClock();
  });
  afterEach(() => {
    const text = JSON.stringify(reported);
    expect([text.includes(VALUE), text.includes(ID)]).toEqual([false, false]);
  });

  const start = async (session: Partial<SessionModuleOptions> = {}) => {
    const options = { session: { maxAge: 1000, ...hooks, ...session }, controllers: [controller, Guarded] };
    return (await startApp(platform, options)).client();
  };
  const startSignedIn = async (session: Partial<SessionModuleOptions> = {}) => {
    const client = await start(session);
    await signIn(client, { user: VALUE, page: 1 }, { claims: { exp: START + 1000 } });
    return client;
  };
  const handle = handleOf(ID);
  const expiresAt = new Date((START + 1000) * 1000);
  const name = 'default';

  it('are none where nothing is sent', async () => {
    const client = await start();
    for (const path of ['read', 'writeAndEmpty', 'destroy', 'regenerate', 'touch', 'lifetime', 'denied', 'missing']) {
      expect((await client.get(`/${path}`)).setCookie).toEqual([]);
    }
    expect(reported).toEqual([]);
  });

  it('are none where a value has changed, or what has changed was taken back', async () => {
    const client = await startSignedIn();
    for (const path of ['read', 'rollback']) expect((await client.get(`/${path}`)).setCookie).toEqual([]);
    expect((await client.get('/lifetimeAndWrite')).setCookie).toHaveLength(1);
    const other = await start();
    await signIn(other, { user: 'other' }, { claims: { exp: START + 900 } });
    expect((await other.get('/write')).setCookie).toHaveLength(1);
    expect(reported.filter(([event]) => event !== 'onRenew')).toEqual([]);
  });

  it('tell that a session began when its first cookie has left, once', async () => {
    const client = await start();
    const { setCookie } = await client.get('/write');
    expect(setCookie).toHaveLength(1);
    const { jti } = claimsOf((await client.cookie()) ?? '');
    expect(reported).toEqual([['onCreate', { name, handle: handleOf(jti), expiresAt }, '/write']]);
    await client.get('/read');
    await client.get('/write');
    expect(reported).toHaveLength(1);
  });

  it('tell it also where the handler has failed, and after a cookie that was not accepted', async () => {
    const client = await start();
    await client.get('/fails');
    await client.setCookie('session', 'junk');
    await client.get('/write');
    expect(reported.map(([event, , url]) => [event, url])).toEqual([
      ['onCreate', '/fails'],
      ['onCreate', '/write'],
    ]);
  });

  it('tell it once where the first answer could not be sent', async () => {
    const client = await start();
    expect((await client.get('/twice')).setCookie).toHaveLength(1);
    expect(reported.map(([event]) => event)).toEqual(['onCreate']);
  });

  it('tell that a session was regenerated, with both handles', async () => {
    const client = await startSignedIn();
    await client.get('/regenerate');
    const { jti } = claimsOf((await client.cookie()) ?? '');
    expect(jti).not.toBe(ID);
    const event = { name, handle: handleOf(jti), reason: 'regenerated', previousHandle: handle, expiresAt };
    expect(reported).toEqual([['onRenew', event, '/regenerate']]);
  });

  it.each([
    ['touch', 'touched', 1000],
    ['lifetime', 'lifetime', 60],
  ])('tell that a cookie was sent again by /%s: %s', async (path, reason, seconds) => {
    await (await startSignedIn()).get(`/${path}`);
    const event = { name, handle, reason, expiresAt: new Date((START + seconds) * 1000) };
    expect(reported).toEqual([['onRenew', event, `/${path}`]]);
  });

  it('tell that a cookie was renewed by rolling, not before it was', async () => {
    const client = await startSignedIn({ rolling: true });
    setClock(99);
    await client.get('/read');
    expect(reported).toEqual([]);
    setClock(100);
    await client.get('/read');
    const event = { name, handle, reason: 'rolling', expiresAt: new Date((START + 1100) * 1000) };
    expect(reported).toEqual([['onRenew', event, '/read']]);
  });

  it('tell that a cookie of an older secret was issued anew', async () => {
    const client = await startSignedIn({ secretKey: [OTHER_SECRET, SECRET] });
    await client.get('/read');
    expect(reported).toEqual([['onRenew', { name, handle, reason: 'reissued', expiresAt }, '/read']]);
    await client.get('/read');
    expect(reported).toHaveLength(1);
  });

  it.each([
    ['destroy', 'destroyed'],
    ['clear', 'emptied'],
    ['regenerateEmpty', 'emptied'],
  ])('tell that a session ended by /%s: %s', async (path, reason) => {
    await (await startSignedIn()).get(`/${path}`);
    expect(reported).toEqual([['onDestroy', { name, handle, reason }, `/${path}`]]);
  });

  it('tell that a session ended and another one began', async () => {
    const client = await startSignedIn();
    await client.get('/destroyAndWrite');
    const { jti } = claimsOf((await client.cookie()) ?? '');
    expect(reported).toEqual([
      ['onDestroy', { name, handle, reason: 'destroyed' }, '/destroyAndWrite'],
      ['onCreate', { name, handle: handleOf(jti), expiresAt }, '/destroyAndWrite'],
    ]);
  });

  it('tell nothing of the end of a cookie that was no session', async () => {
    const client = await start();
    await client.setCookie('session', 'junk');
    expect((await client.get('/destroy')).setCookie).toHaveLength(1);
    expect(reported).toEqual([]);
  });

  it.each([
    ['tooLarge', 'ERR_SESSION_TOO_LARGE'],
    ['unwritable', 'ERR_SESSION_NOT_SERIALIZABLE'],
  ])('tell once that a session was not saved: /%s, %s', async (path, code) => {
    expect((await (await startSignedIn()).get(`/${path}`)).status).toBe(500);
    expect(reported).toEqual([['onSaveFailed', { name, handle, code }, `/${path}`]]);
  });

  it('tell that a change was made too late', async () => {
    const teller = new EventEmitter();
    const told = once(teller, 'told');
    const client = await start({ onSaveFailed: (event, { url }) => teller.emit('told', event, url) });
    await signIn(client, { user: 'ada' });
    await client.get('/late');
    expect(await told).toEqual([{ name, handle, code: 'ERR_SESSION_HEADERS_SENT' }, '/late']);
  });
});

/* oxlint-disable unicorn/no-thenable -- odd thenables are what hooks may return */
/** What a hook may do that is no use of it, and what is logged. */
const HARMFUL: Readonly<Record<string, readonly [hook: () => unknown, how: string | undefined]>> = {
  throws: [
    () => {
      throw new Error(VALUE);
    },
    'threw',
  ],
  rejects: [() => Promise.reject(new Error(VALUE)), 'was rejected'],
  'rejects without an error': [() => Promise.reject(), 'was rejected'],
  'returns a thenable that throws': [
    () => ({
      then() {
        throw new Error(VALUE);
      },
    }),
    'was rejected',
  ],
  'returns a thenable that rejects twice': [
    () => ({
      then(_: unknown, reject: (error: unknown) => void) {
        reject(VALUE);
        reject(VALUE);
      },
    }),
    'was rejected',
  ],
  'returns an object whose "then" cannot be read': [
    () => ({
      get then() {
        throw new Error(VALUE);
      },
    }),
    'was rejected',
  ],
  'returns a proxy that throws': [
    () =>
      new Proxy(
        {},
        {
          has() {
            throw new Error(VALUE);
          },
        },
      ),
    'threw',
  ],
  'returns a function': [() => () => VALUE, undefined],
  'returns a promise that never settles': [() => new Promise(() => undefined), undefined],
};

const SUBJECTS = {
  onCreate: ['a new session', '/write', false],
  onRenew: ['a renewed session', '/touch', true],
  onDestroy: ['the end of a session', '/destroy', true],
  onSaveFailed: ['a session that was not saved', '/tooLarge', true],
  onReject: ['an ignored session cookie', '/read', 'junk'],
} as const;

describe.each(PLATFORMS)('A hook (%s)', (platform) => {
  describe.each(Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[])('%s', (hookName) => {
    it.each(Object.entries(HARMFUL))('does no harm where it %s', async (_, [hook, how]) => {
      const [subject, path, cookie] = SUBJECTS[hookName];
      const logger = new RecordingLogger();
      const replies = [];
      // The last one is the one that logs: Nest's logger is one for all applications of a process.
      for (const options of [{ session: {} }, { session: { [hookName]: hook }, logger }]) {
        const client = (await startApp(platform, { controllers: [controller], ...options })).client();
        if (cookie === true) await signIn(client, { user: 'ada' });
        else if (cookie !== false) await client.setCookie('session', cookie);
        const { status, text, setCookie } = await client.get(path);
        replies.push({ status, text, cookies: setCookie.length });
      }
      expect(replies[0]).toEqual(replies[1]);
      const message = `Cannot report ${subject}: ${hookName} ${how}. Let it catch its own errors.`;
      const lines = logger.lines.filter((line) => !line.message.startsWith('Cannot save the session: '));
      expect(lines).toEqual(how === undefined ? [] : [{ level: 'error', message }]);
      expect(JSON.stringify(logger.lines)).not.toContain(VALUE);
    });
  });

  it('is handed the session of its name', async () => {
    const events: object[] = [];
    const admin = SessionModule.forRoot(SECRET, {
      name: 'admin',
      cookieName: 'admin',
      onCreate: (event) => events.push(event),
      ...suiteStore(),
    });
    @Controller()
    class Admin {
      @Get()
      write(@Session({ name: 'admin' }) session: Session): void {
        session.set('user', VALUE);
      }
    }
    await (await startApp(platform, { imports: [admin], controllers: [Admin] })).client().get('/');
    expect(events).toMatchObject([{ name: 'admin' }]);
  });
});
