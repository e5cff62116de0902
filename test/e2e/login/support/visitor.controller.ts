import { Controller, type ExecutionContext, Get, Injectable, Post, Query, UseGuards } from '@nestjs/common';
import {
  CurrentUser,
  InjectSession,
  InjectSessionManager,
  Session,
  SessionGuard,
  type Sessions,
} from './visitor-session.js';

/** Request-scoped, as it injects the session. */
@Injectable()
export class Visits {
  constructor(@InjectSession() private readonly session: Session) {}

  count(): number {
    const visits = (this.session.get('visits') ?? 0) + 1;
    this.session.set('visits', visits);
    return visits;
  }
}

/** A singleton. */
@Injectable()
export class Greeter {
  constructor(@InjectSessionManager() private readonly sessions: Sessions) {}

  greet(request: object): string {
    return `Hello ${this.sessions.open(request).get('user') ?? 'anonymous'}`;
  }

  canActivate(context: ExecutionContext): boolean {
    return this.sessions.open(context).get('visits') !== 0;
  }
}

@Controller()
export class VisitorController {
  constructor(private readonly visits: Visits) {}

  @Get('visit')
  visit(): number {
    return this.visits.count();
  }

  @UseGuards(Greeter)
  @Post('login')
  logIn(@Session() session: Session, @Query('name') name: string): void {
    session.regenerate({ keep: ['visits'] });
    session.set('user', name);
    session.flash('notice', `Welcome ${name}.`);
  }

  @UseGuards(SessionGuard('user'))
  @Get('me')
  me(@CurrentUser() user: string, @Session() session: Session, @Session('visits') visits?: number): string {
    return `${session.flash('notice')} ${user} ${visits}`;
  }
}
