import { Controller, Get, Header, Post, Redirect, Req, UseFilters, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { Session } from 'nestjs-sessions';
import { BackToLogInFilter } from './back-to-log-in.filter.js';
import { LogInGuard } from './log-in.guard.js';
import { LoggedInGuard } from './logged-in.guard.js';
import { accountPage, welcomePage } from './page.js';
import type { User } from './users.js';

const HTML = 'text/html; charset=utf-8';
const NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

@Controller()
@UseFilters(BackToLogInFilter)
export class AccountController {
  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', NO_SCRIPTS)
  welcome(@Req() request: Request, @Session() session: Session): string {
    return welcomePage(request.user as User | undefined, session.flash('why') as string | undefined);
  }

  @Get('account')
  @UseGuards(LoggedInGuard)
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', NO_SCRIPTS)
  account(@Req() request: Request, @Session() session: Session): string {
    return accountPage(request.user as User, session);
  }

  @Post('login')
  @UseGuards(LogInGuard)
  @Redirect('/account', 303)
  logIn(): void {}

  /** Passport takes a new id here too, and nothing is left in the session, so its cookie is deleted. */
  @Post('logout')
  @Redirect('/', 303)
  async logOut(@Req() request: Request): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      request.logOut((error) => (error ? reject(error) : resolve()));
    });
  }
}
