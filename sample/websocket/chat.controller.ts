import { Body, Controller, Get, Header, Post, Redirect } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { readName, type Visitor } from '../login/visitor.js';
import { ChatGateway } from './chat.gateway.js';
import { SCRIPT } from './client.js';
import { page } from './page.js';

const HTML = 'text/html; charset=utf-8';
/** Its own script and its own socket, nothing else. */
const OWN_SCRIPT =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; " +
  "form-action 'self'; base-uri 'none'";

@Controller()
export class ChatController {
  constructor(private readonly chat: ChatGateway) {}

  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', OWN_SCRIPT)
  hello(@Session('user') user: string | undefined): string {
    return page(user);
  }

  @Get('client.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  client(): string {
    return SCRIPT;
  }

  @Post('login')
  @Redirect('/', 303)
  logIn(@Session() session: Session<Visitor>, @Body('name') name: unknown): void {
    const user = readName(name);
    if (user === undefined) return;
    this.chat.close(session.id);
    session.regenerate();
    session.set('user', user);
  }

  @Post('logout')
  @Redirect('/', 303)
  logOut(@Session() session: Session<Visitor>): void {
    this.chat.close(session.id);
    session.destroy();
  }
}
