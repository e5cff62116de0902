import { type CanActivate, type ExecutionContext, ForbiddenException, UseGuards } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import { type CsrfErrorCode, CsrfException, CsrfGuard, Session, type SessionManager, SkipCsrf } from 'nestjs-sessions';
import type { Visitor } from './visitor.js';

class OwnCsrfGuard extends CsrfGuard {
  protected override isTrusted(site: unknown, context: ExecutionContext): boolean {
    return super.isTrusted(site, context) || context.getType() === 'http';
  }

  protected override tokenOf(): unknown {
    return 'token';
  }
}

@SkipCsrf()
export class FormController {
  @SkipCsrf(false)
  @UseGuards(CsrfGuard, OwnCsrfGuard)
  form(@Session() session: Session<Visitor>): string {
    expectTypeOf(session.csrfToken()).toEqualTypeOf<string>();
    // @ts-expect-error -- its secret is no key of the program
    session.get('$csrf');
    return session.csrfToken();
  }
}

export function guard(sessions: SessionManager<Visitor>): void {
  expectTypeOf(new CsrfGuard(sessions)).toExtend<CanActivate>();
  const error = new CsrfException('ERR_CSRF_CROSS_SITE');
  expectTypeOf(error).toExtend<ForbiddenException>();
  expectTypeOf(error.code).toEqualTypeOf<CsrfErrorCode>();
  // @ts-expect-error -- whether, and not what
  SkipCsrf('yes');
  // @ts-expect-error -- no such code
  throw new CsrfException('EBADCSRFTOKEN');
}
