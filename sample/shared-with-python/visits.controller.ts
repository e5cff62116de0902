import { Controller, Get, Param } from '@nestjs/common';
import { Session } from 'nestjs-sessions';

interface Visitor {
  user?: string;
  visits?: number;
}

@Controller('node')
export class VisitsController {
  @Get()
  hello(@Session() session: Session<Visitor>): string {
    const visits = (session.get('visits') ?? 0) + 1;
    session.set('visits', visits);
    return `Node says: Hello ${session.get('user') ?? 'anonymous'}, visit ${visits}`;
  }

  @Get('login/:user')
  logIn(@Session() session: Session<Visitor>, @Param('user') user: string): string {
    session.set('user', user);
    return 'Node logged you in';
  }
}
