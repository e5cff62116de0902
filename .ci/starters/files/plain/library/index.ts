// A CommonJS library for Nest that injects SessionManager.
import { Injectable } from '@nestjs/common';
import { Session, SessionManager } from 'nestjs-sessions';

@Injectable()
export class VisitorService {
  constructor(readonly sessions: SessionManager) {}
}

export const nameOf = (session: Session<{ name: string }>): string => session.get('name') ?? 'nobody';

export const managerOfLibrary: unknown = SessionManager;
