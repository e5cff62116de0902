import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { SessionError } from 'nestjs-sessions';
import type { AnyResponse } from './routes.js';

/** Answers 507 to what the session throws, and keeps it. */
@Catch(SessionError)
export class SessionFilter implements ExceptionFilter<SessionError> {
  readonly errors: SessionError[] = [];

  catch(error: SessionError, host: ArgumentsHost): void {
    this.errors.push(error);
    host.switchToHttp().getResponse<AnyResponse>().status(507).send(error.code);
  }

  /** Code and message of each error so far. */
  get seen(): (readonly [code: string, message: string])[] {
    return this.errors.map(({ code, message }) => [code, message]);
  }
}
