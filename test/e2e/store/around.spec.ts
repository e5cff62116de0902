import { expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Post, Res, UseGuards } from '@nestjs/common';
import { ServerResponse } from 'node:http';
import { CsrfGuard, Session, SessionGuard, SessionManager, type SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { rawResponse, type RouteHandler, routes } from '../../support/routes.js';
import { slowStore, TestStore } from '../../support/stores.js';
import { NEIGHBOURS } from '../with/support/neighbours.js';

@Injectable()
class Deep {
  constructor(private readonly sessions: SessionManager) {}

  async count(): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    const session = this.sessions.current<{ n: number }>();
    session.set('n', (session.get('n') ?? 0) + 1);
    return session.get('n') ?? 0;
  }
}

@Controller()
class AroundController {
  constructor(private readonly deep: Deep) {}

  @Get('deep')
  async count(): Promise<string> {
    return `n=${await this.deep.count()}`;
  }

  @Get('form')
  form(@Session() session: Session): string {
    return session.csrfToken();
  }

  @Post('form')
  @UseGuards(CsrfGuard)
  post(): string {
    return 'posted';
  }

  @Get('mine')
  @UseGuards(SessionGuard('user'))
  mine(@Session('user') user: string): string {
    return user;
  }
}

const controller = routes({
  login: (session) => {
    session.regenerate();
    session.set('user', 'ada');
  },
  logout: (session) => session.destroy(),
  notice: (session) => session.flash('notice', 'saved'),
  notices: (session) => session.flash('notice') ?? 'none',
});

@Controller()
class WritingHeadController {
  @Get('write-head')
  writeHead(@Session() session: Session, @Res() response: object): void {
    session.set('n', 1);
    rawResponse(response).writeHead(203, { 'X-Own': 'yes' }).end('text');
  }
}

@Controller()
class PiecesController {
  @Get('pieces')
  pieces(@Session() session: Session, @Res() response: object): void {
    session.set('n', 1);
    const raw = rawResponse(response);
    raw.write('te');
    raw.end('xt');
  }
}

describeOnEachPlatform('A tool that wraps writeHead() of all responses, beside a store', (platform) => {
  it('sees each response once, with its request', async () => {
    const seen: (string | undefined)[] = [];
    const writeHead = Reflect.get(ServerResponse.prototype, 'writeHead') as (...args: unknown[]) => ServerResponse;
    const { client } = await startApp(platform, {
      session: { store: slowStore() },
      controllers: [WritingHeadController],
    });
    jest.spyOn(ServerResponse.prototype, 'writeHead').mockImplementation(function measure(
      this: ServerResponse,
      ...args
    ) {
      seen.push(this.req.url);
      return Reflect.apply(writeHead, this, args);
    });
    const reply = await client().get('/write-head');
    jest.restoreAllMocks();
    expect([reply.status, reply.headers['x-own'], reply.text, reply.setCookie.length]).toEqual([203, 'yes', 'text', 1]);
    expect(seen).toEqual(['/write-head']);
  });
});

describeOnEachPlatform(
  'Software that makes the headers itself where they are not there yet, beside a store',
  (platform) => {
    const neighbours = NEIGHBOURS.filter(({ name, platforms = [platform] }) => {
      return platforms.includes(platform) && /^(?:compression|express-session)/.test(name);
    });

    it.each(neighbours)('$name finds that they have left, and sets its own when they do', async (neighbour) => {
      const { client } = await startApp(platform, {
        session: { store: slowStore() },
        controllers: [PiecesController],
        configure: (app) => app.use(neighbour.middleware),
      });
      const { status, text, setCookie } = await client().get('/pieces');
      expect([status, text]).toEqual([200, 'text']);
      const names = setCookie.map((line) => line.split('=', 1)[0]);
      expect(new Set(names)).toEqual(new Set([...(neighbour.cookies ?? []), 'session']));
    });
  },
);

describeOnEachPlatform('Headers that all answers of a handler share, beside a store', (platform) => {
  it('are in each answer as they were when it was made', async () => {
    const shared: Record<string, string> = {};
    const { client } = await startApp(platform, {
      session: { store: slowStore() },
      controllers: [
        routes({
          one: (...of) => answer('one', ...of),
          two: (...of) => answer('two', ...of),
        }),
      ],
    });
    const answer: (name: string, ...of: Parameters<RouteHandler>) => unknown = (name, session, response) => {
      session.set('name', name);
      shared['X-Name'] = name;
      rawResponse(response).writeHead(200, shared).end();
    };
    const replies = await Promise.all(['one', 'two'].map((name) => client().get(`/${name}`)));
    expect(replies.map(({ headers }) => headers['x-name'])).toEqual(['one', 'two']);
  });
});

describeOnEachPlatform('With a store', (platform) => {
  const start = async (store = slowStore(), session: Partial<SessionModuleOptions> = {}) => {
    const options = { session: { store, ...session }, providers: [Deep], controllers: [controller, AroundController] };
    const { client } = await startApp(platform, options);
    return { store, visitor: client(), client };
  };

  it('current() is the session of the request, deep inside, and its change is saved before the answer', async () => {
    const { store, visitor, client } = await start(slowStore(), { currentSession: true });
    for (const n of [1, 2]) {
      expect((await visitor.get('/deep')).text).toBe(`n=${n}`);
      expect(store.data).toEqual({ n });
    }
    const visitors = Array.from({ length: 10 }, () => client());
    const texts = await Promise.all(visitors.map(async (each) => (await each.get('/deep')).text));
    expect(texts).toEqual(visitors.map(() => 'n=1'));
  });

  it('a CSRF token is accepted as long as its session lives', async () => {
    const { store, visitor } = await start();
    const { text: token } = await visitor.get('/form');
    const request = { method: 'POST', headers: { 'x-csrf-token': token } };
    expect((await visitor.get('/form', request)).text).toBe('posted');
    expect((await visitor.get('/form', { method: 'POST' })).status).toBe(403);
    await store.revoke();
    expect((await visitor.get('/form', request)).status).toBe(403);
  });

  it('a flashed value is handed out once, also where two requests ask for it one after the other', async () => {
    const { visitor } = await start();
    await visitor.get('/notice');
    const texts = [];
    for (let count = 0; count < 2; count++) texts.push((await visitor.get('/notices')).text);
    expect(texts).toEqual(['saved', 'none']);
  });

  it('SessionGuard lets in a session that lives, and no copy of one that was ended', async () => {
    const { visitor, client } = await start();
    expect((await visitor.get('/mine')).status).toBe(401);
    await visitor.get('/login');
    expect(await visitor.get('/mine')).toMatchObject({ status: 200, text: 'ada' });
    const copy = client();
    await copy.setCookie('session', (await visitor.cookie()) ?? '');
    await visitor.get('/logout');
    expect([(await visitor.get('/mine')).status, (await copy.get('/mine')).status]).toEqual([401, 401]);
  });

  it('SessionGuard answers 503 where the store does not answer: not known is not logged out', async () => {
    const store = new TestStore();
    const { visitor } = await start(store);
    await visitor.get('/login');
    store.before = () => Promise.reject(new Error('The store is broken.'));
    expect((await visitor.get('/mine')).status).toBe(503);
  });
});
