import { Body, Controller, Get, Header, Headers, Post, Redirect } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { page } from './page.js';
import { readName, type Visitor } from './visitor.js';

const HTML = 'text/html; charset=utf-8';
const NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

@Controller()
export class LoginController {
  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', NO_SCRIPTS)
  hello(@Session() session: Session<Visitor>, @Headers('cookie') cookies?: string): string {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return page(session, cookies);
  }

  /** Where log-out leads: the same page, but as it only reads the session, no new one is begun. */
  @Get('goodbye')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', NO_SCRIPTS)
  goodbye(@Session() session: Session<Visitor>, @Headers('cookie') cookies?: string): string {
    return page(session, cookies);
  }

  /** 303 See Other makes the browser GET the page, so that reloading it does not log in again. */
  @Post('login')
  @Redirect('/', 303)
  logIn(@Session() session: Session<Visitor>, @Body('name') name: unknown): void {
    const user = readName(name);
    if (user === undefined) return;
    // A new id whenever somebody becomes somebody else: a session that was planted before is of no use then.
    session.regenerate({ keep: ['visits'] });
    session.set('user', user);
  }

  @Post('logout')
  @Redirect('/goodbye', 303)
  logOut(@Session() session: Session<Visitor>): void {
    session.destroy();
  }
}
