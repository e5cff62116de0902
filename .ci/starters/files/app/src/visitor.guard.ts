import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { SessionManager } from 'nestjs-sessions';

@Injectable()
export class VisitorGuard implements CanActivate {
  constructor(private readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    return this.sessions.open(context).has('name');
  }
}
