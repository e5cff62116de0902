import { Controller, Get, Inject, type ExecutionContext } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import { Session, SessionManager, SessionService } from 'nestjs-sessions';
import type { Visitor } from './visitor.js';

/** Decorator and type share a name, and one import is enough even where decorators keep the types of parameters. */
@Controller()
export class VisitorController {
  constructor(
    private readonly own: SessionService<Visitor>,
    @Inject(SessionManager) private readonly sessions: SessionManager,
  ) {}

  @Get()
  whole(@Session() session: Session<Visitor>): number {
    expectTypeOf(session.get('visits')).toEqualTypeOf<number | undefined>();
    // @ts-expect-error -- no such key
    session.get('visit');
    return this.own.data.visits;
  }

  @Get('untyped')
  untyped(@Session() session: Session, @Session('user') user: Visitor['user'] | undefined): unknown {
    expectTypeOf(session.get('anything')).toBeAny();
    return user?.name;
  }

  guard(context: ExecutionContext): boolean {
    return this.sessions.open<Visitor>(context).has('user');
  }
}

export function sameThing(session: Session<Visitor>, service: SessionService<Visitor>): void {
  expectTypeOf(service).toExtend<Session<Visitor>>();
  expectTypeOf(session).toExtend<SessionService<Visitor>>();
}

export function otherwise(): void {
  // @ts-expect-error -- a session is an object of values
  expectTypeOf<Session<string>>().toBeObject();
  expectTypeOf(Session('user')).toEqualTypeOf<ParameterDecorator>();
  // @ts-expect-error -- keys are text, as in JSON
  Session(1);
}
