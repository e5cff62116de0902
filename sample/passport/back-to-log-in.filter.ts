import { type ArgumentsHost, Catch, type ExceptionFilter, UnauthorizedException } from '@nestjs/common';
import type { Response } from 'express';
import { SessionManager } from 'nestjs-sessions';

/** Leads back to the log-in form, which then says why. */
@Catch(UnauthorizedException)
export class BackToLogInFilter implements ExceptionFilter<UnauthorizedException> {
  constructor(private readonly sessions: SessionManager) {}

  catch({ message }: UnauthorizedException, host: ArgumentsHost): void {
    this.sessions.open(host).flash('why', message);
    host.switchToHttp().getResponse<Response>().redirect(303, '/');
  }
}
