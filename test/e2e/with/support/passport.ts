import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import {
  AuthGuard,
  type IAuthModuleOptions,
  PassportModule,
  PassportSerializer,
  PassportStrategy,
} from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-local';
import { Session, SessionError, SessionManager, type SessionModuleOptions } from 'nestjs-sessions';
import { type Platform, startApp, type TestApp } from '../../../support/app.js';
import type { Client, Reply } from '../../../support/client.js';
import { form } from '../../../support/form.js';
import { rawResponse } from '../../../support/routes.js';
import { called, type ExpressRequest } from './express-session.js';
import { setUpPassport } from './passport-set-up.js';

/** As a program has them: keys and passwords. */
export const USERS = new Map([
  ['ada', 'correct horse'],
  ['bob', 'battery staple'],
]);

/** A singleton, which counts failures in the session of each request. */
@Injectable()
class LocalStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly sessions: SessionManager) {
    super({ passReqToCallback: true });
  }

  validate(request: Request, username: string, password: string): { name: string } | false {
    const session = this.sessions.open<{ failures: number }>(request);
    if (USERS.get(username) === password) return { name: username };
    session.set('failures', (session.get('failures') ?? 0) + 1);
    return false;
  }
}

@Injectable()
class UserSerializer extends PassportSerializer {
  serializeUser(user: { name: string }, done: (error: unknown, name: string) => void): void {
    done(null, user.name);
  }

  deserializeUser(name: string, done: (error: unknown, user: object | false) => void): void {
    done(null, USERS.has(name) && { name });
  }
}

@Injectable()
class LogInGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    await this.logIn(context.switchToHttp().getRequest<Request>());
    return true;
  }
}

@Injectable()
class LoggedInGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<Request>().isAuthenticated();
  }
}

@Controller()
class UserController {
  @Get()
  hello(@Req() request: ExpressRequest): unknown {
    return { user: request.user };
  }

  @Get('secret')
  @UseGuards(LoggedInGuard)
  secret(@Session() session: Session): unknown {
    return session.data;
  }

  @Post('cart')
  fill(@Req() { session }: ExpressRequest, @Body() body: object): void {
    session.cart = Object.keys(body);
  }

  @Post('login')
  @HttpCode(200)
  @UseGuards(LogInGuard)
  logIn(@Req() request: ExpressRequest): unknown {
    return { user: request.user, id: request.session.id };
  }

  @Post('logout')
  async logOut(@Req() request: ExpressRequest): Promise<void> {
    const error = await called((done) => request.logOut(done));
    if (error !== undefined) throw error;
  }

  @Post('logout-keeping')
  async logOutKeeping(@Req() request: ExpressRequest): Promise<void> {
    await called((done) => request.logOut({ keepSessionInfo: true }, done));
  }

  @Post('end')
  end(@Req() request: ExpressRequest): void {
    Object.assign(request, { session: null });
  }

  @Post('logout-late')
  async logOutLate(@Req() request: ExpressRequest, @Res() response: object): Promise<void> {
    const raw = rawResponse(response);
    raw.flushHeaders();
    const error = await called((done) => request.logOut(done));
    raw.end(error instanceof SessionError ? error.code : 'logged out');
  }
}

export function startPassport(
  platform: Platform,
  options: IAuthModuleOptions = {},
  session: Partial<SessionModuleOptions> = {},
): Promise<TestApp> {
  return startApp(platform, {
    session,
    imports: [PassportModule.register({ session: true, ...options })],
    controllers: [UserController],
    providers: [LocalStrategy, UserSerializer],
    configure: setUpPassport[platform],
  });
}

export function logIn(client: Client, username = 'ada', password = USERS.get(username) ?? ''): Promise<Reply> {
  return client.post('/login', form({ username, password }));
}

/** Puts things into the cart, which begins a session. */
export function fillCart(client: Client, ...things: string[]): Promise<Reply> {
  return client.post('/cart', form(Object.fromEntries(things.map((thing) => [thing, '1']))));
}
