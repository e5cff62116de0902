import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Injectable,
  ParseIntPipe,
  Post,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { defineSession, Public, Session, SessionGuard, SessionModule, type SessionService } from 'nestjs-sessions';
import { testKitOf } from 'nestjs-sessions/testing';
import { describeOnEachPlatform, OTHER_SECRET, startApp, suiteStore } from '../../support/app.js';
import { signIn } from '../../support/tokens.js';

interface Visitor {
  user?: string | number | boolean | null;
  role?: string;
}

interface Admin {
  user: string;
  $flash?: { notice: string };
}

const admins = defineSession<Admin>('admin');
const CurrentUser = (): ParameterDecorator => Session('user');
const UNAUTHORIZED = '{"message":"Unauthorized","statusCode":401}';

const IsClerk = SessionGuard<Visitor>((session) => session.get('role') === 'clerk');
const IsClerkLater = SessionGuard<Visitor>(async (session, context) => {
  await Promise.resolve();
  return session.get('role') === 'clerk' && context.getHandler().name === 'later';
});
const IsOwner = SessionGuard<Visitor>((session) => {
  if (!session.has('user')) return false;
  if (session.get('role') !== 'owner') throw new ForbiddenException('For the owner.');
  return true;
});

/** As Nest users extend `AuthGuard('jwt')`, with the decorator of their own that they have. */
@Injectable()
class OwnGuard extends SessionGuard('user') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    return this.reflector.get<boolean>('isPublic', context.getHandler()) || super.canActivate(context);
  }
}

@Controller()
class GuardedController {
  @UseGuards(SessionGuard('user'))
  @Get('user')
  user(@CurrentUser() user: string): string {
    return `Hello ${user}`;
  }

  @UseGuards(SessionGuard('toString'))
  @Get('inherited')
  inherited(): string {
    return 'inherited';
  }

  @UseGuards(IsClerk)
  @Get('clerk')
  clerk(): string {
    return 'clerk';
  }

  @UseGuards(IsClerkLater)
  @Get('later')
  later(): string {
    return 'later';
  }

  @UseGuards(IsOwner)
  @Get('owner')
  owner(): string {
    return 'owner';
  }

  @UseGuards(OwnGuard)
  @Get('own')
  own(): string {
    return 'own';
  }

  @UseGuards(SessionGuard('user'), SessionGuard('user', { name: 'admin' }))
  @Get('both')
  both(): string {
    return 'both';
  }
}

@Controller()
class DefinedController {
  @UseGuards(admins.SessionGuard('user'))
  @Get('admin')
  admin(@admins.Session() session: SessionService<Admin>, @admins.Session('user') user: string): string {
    return `${user} ${session.flash('notice')}`;
  }

  @Get('number')
  number(@admins.Session('user', ParseIntPipe) user: unknown): string {
    return typeof user;
  }

  @Get('whole')
  whole(@admins.Session(ParseIntPipe) session: unknown): string {
    return typeof session;
  }
}

@Controller()
class HomeController {
  @Get()
  home(): string {
    return 'home';
  }

  @Public()
  @Post('login')
  logIn(@Session() session: Session<Visitor>): string {
    session.regenerate();
    session.set('user', 'ada');
    return 'welcome';
  }
}

@Public()
@Controller('open')
class OpenController {
  @Get()
  open(): string {
    return 'open';
  }

  @Public(false)
  @Get('closed')
  closed(): string {
    return 'closed';
  }

  @UseGuards(SessionGuard('user'))
  @Get('guarded')
  guarded(): string {
    return 'guarded';
  }

  @UseGuards(OwnGuard)
  @Get('own')
  own(): string {
    return 'own';
  }

  @Public()
  @UseGuards(SessionGuard('user'))
  @Get('both')
  both(): string {
    return 'both';
  }
}

describe('SessionGuard()', () => {
  it('is the same class for the same key and session, so that overrideGuard() finds it', () => {
    expect(SessionGuard('user')).toBe(SessionGuard('user', { name: 'default' }));
    expect(admins.SessionGuard('user')).toBe(SessionGuard('user', { name: 'admin' }));
    const others: Type[] = [SessionGuard('name'), SessionGuard('user', { name: 'admin' })];
    expect(others).not.toContain(SessionGuard('user'));
  });

  it('without SessionModule is an error of Nest that names guard and manager', async () => {
    const guard = { provide: APP_GUARD, useClass: SessionGuard('user') };
    await expect(Test.createTestingModule({ providers: [guard] }).compile()).rejects.toThrow(
      /dependencies of the MixinSessionGuard.*SessionManager/,
    );
  });
});

describeOnEachPlatform('SessionGuard()', (platform) => {
  const start = (override?: NonNullable<Parameters<typeof startApp>[1]['override']>) =>
    startApp(platform, {
      imports: [SessionModule.forRoot(OTHER_SECRET, { name: 'admin', cookieName: 'admin', ...suiteStore() })],
      controllers: [GuardedController, DefinedController],
      ...(override && { override }),
    });

  it('answers 401 without the key, and begins no session', async () => {
    const reply = await (await start()).client().get('/user');
    expect([reply.status, reply.text, reply.setCookie]).toEqual([401, UNAUTHORIZED, []]);
    expect(reply.headers.vary).toBe('Cookie');
  });

  it('passes with the key', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'ada' });
    const reply = await client.get('/user');
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'Hello ada', []]);
  });

  it.each([
    [null, 401],
    [false, 401],
    [0, 200],
    ['', 200],
    [true, 200],
    [{ id: 1 }, 200],
  ])('takes the value %j for the status %i', async (user, status) => {
    const client = (await start()).client();
    await signIn(client, { user });
    expect((await client.get('/user')).status).toBe(status);
  });

  it('knows own keys only', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'ada' });
    expect((await client.get('/inherited')).status).toBe(401);
  });

  it('passes as a predicate says, also as one says later', async () => {
    const client = (await start()).client();
    await signIn(client, { role: 'clerk' });
    expect([(await client.get('/clerk')).status, (await client.get('/later')).status]).toEqual([200, 200]);
    await signIn(client, { role: 'guest' });
    expect([(await client.get('/clerk')).status, (await client.get('/later')).status]).toEqual([401, 401]);
  });

  it('lets a predicate throw what it wants to answer', async () => {
    const client = (await start()).client();
    expect((await client.get('/owner')).status).toBe(401);
    await signIn(client, { user: 'ada', role: 'clerk' });
    const reply = await client.get('/owner');
    expect([reply.status, reply.text]).toEqual([
      403,
      '{"message":"For the owner.","error":"Forbidden","statusCode":403}',
    ]);
  });

  it('can be extended, by a guard with a constructor of its own', async () => {
    const client = (await start()).client();
    expect((await client.get('/own')).status).toBe(401);
    await signIn(client, { user: 'ada' });
    expect((await client.get('/own')).text).toBe('own');
  });

  it('looks at the session of its name', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'ada' });
    expect((await client.get('/both')).status).toBe(401);
    await signIn(client, { user: 'root' }, { secret: OTHER_SECRET, cookieName: 'admin' });
    expect((await client.get('/both')).text).toBe('both');
  });

  it('is replaced in a test by overrideGuard()', async () => {
    const app = await start((builder) =>
      builder.overrideGuard(SessionGuard('user')).useValue({ canActivate: () => true }),
    );
    expect((await app.client().get('/user')).text).toBe('Hello undefined');
  });

  it('and the decorators of a definition look at its session, for which its test kit makes cookies', async () => {
    const { app, url } = await start();
    const { sessionCookie, readSession } = testKitOf(admins);
    const cookie = sessionCookie(app, { user: 'root', $flash: { notice: 'Saved.' } });
    expect(cookie).toMatch(/^admin=/);
    const reply = await fetch(`${url}/admin`, { headers: { cookie } });
    expect([await reply.text(), readSession(app, reply)]).toEqual(['root Saved.', { user: 'root' }]);
    expect((await fetch(`${url}/admin`)).status).toBe(401);
  });

  it('a decorator of a definition takes pipes with and without a key', async () => {
    const client = (await start()).client();
    await signIn(client, { user: '7' }, { secret: OTHER_SECRET, cookieName: 'admin' });
    expect((await client.get('/number')).text).toBe('number');
    // The pipe refuses the whole session, which is no number.
    const reply = await client.get('/whole');
    expect([reply.status, reply.text]).toEqual([
      400,
      '{"message":"Validation failed (numeric string is expected)","error":"Bad Request","statusCode":400}',
    ]);
  });

  it('of the whole application leaves open what is public', async () => {
    const client = (
      await startApp(platform, {
        controllers: [HomeController, OpenController],
        providers: [{ provide: APP_GUARD, useClass: SessionGuard('user') }],
      })
    ).client();
    const ask = async (path: string) => (await client.get(path)).status;
    expect([await ask('/'), await ask('/open'), await ask('/open/closed')]).toEqual([401, 200, 401]);
    expect((await client.post('/login')).text).toBe('welcome');
    expect([await ask('/'), await ask('/open'), await ask('/open/closed')]).toEqual([200, 200, 200]);
  });

  it('of a handler holds where its controller is public, but not where the handler is', async () => {
    const client = (await startApp(platform, { controllers: [OpenController] })).client();
    const ask = async (path: string) => (await client.get(path)).status;
    expect([await ask('/open/guarded'), await ask('/open/own'), await ask('/open/both')]).toEqual([401, 401, 200]);
    await signIn(client, { user: 'ada' });
    expect([await ask('/open/guarded'), await ask('/open/own')]).toEqual([200, 200]);
  });
});
