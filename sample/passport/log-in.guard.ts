import { type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';

/** Checks name and password, and begins the session: under a new id, against session fixation. */
@Injectable()
export class LogInGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    await this.logIn(context.switchToHttp().getRequest<Request>());
    return true;
  }

  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error !== null) throw error;
    if (user === false) throw new UnauthorizedException('Wrong name or password.');
    return user;
  }
}
