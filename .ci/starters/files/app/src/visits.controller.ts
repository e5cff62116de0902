import { Controller, Get, UseGuards } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { VisitorGuard } from './visitor.guard.js';

export interface Visitor {
  visits: number;
  name?: string;
}

@Controller('visits')
export class VisitsController {
  @Get()
  visit(@Session() session: Session<Visitor>): string {
    const visits = (session.get('visits') ?? 0) + 1;
    session.set('visits', visits);
    return `Visit ${visits}`;
  }

  @Get('name')
  @UseGuards(VisitorGuard)
  name(@Session('name') name: string): string {
    return name;
  }
}
