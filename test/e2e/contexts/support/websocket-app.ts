import { type CanActivate, Catch, type ExecutionContext, Injectable, UseFilters, UseGuards } from '@nestjs/common';
import type { ArgumentsHost } from '@nestjs/common';
import { ConnectedSocket, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import { Session, SessionError, SessionManager, type SessionService } from 'nestjs-sessions';

/** What the sessions of these gateways hold. */
export interface Visitor {
  user?: string;
  cart?: { items: string[] };
}

/** As much of the sockets of socket.io and of ws as is the same. */
export type AnySocket = object;

/** What a gateway saw of a session. */
export interface Seen {
  readonly user: string | undefined;
  readonly isNew: boolean;
  readonly keys: readonly string[];
}

export function look(session: SessionService<Visitor>): Seen {
  return { user: session.get('user'), isNew: session.isNew, keys: session.keys() };
}

/** Answers what went wrong to whoever asked, and keeps it. */
@Catch()
export class AnswerErrors {
  catch(error: unknown, host: ArgumentsHost): void {
    const client: unknown = host.switchToWs().getClient();
    answer(client, errorOf(error));
  }
}

/** An error as it goes over the socket. */
export function errorOf(error: unknown): { code: string; message: string } {
  if (error instanceof SessionError) return { code: error.code, message: error.message };
  // By shape: what an array throws that was cloned outside of Jest's realm is no Error here.
  const { name, message } = error as Error;
  return { code: name, message };
}

function answer(client: unknown, data: unknown): void {
  const socket = client as { readyState?: number; send(text: string): void; emit(event: string, data: unknown): void };
  if (socket.readyState === undefined) socket.emit('failure', data);
  else socket.send(JSON.stringify({ event: 'failure', data }));
}

@Injectable()
export class LoggedInGuard implements CanActivate {
  constructor(private readonly sessions: SessionManager) {}

  canActivate(context: ExecutionContext): boolean {
    return this.sessions.open<Visitor>(context).has('user');
  }
}

/** What a program may try to do to a session, each of it in vain. */
export const WRITES: Readonly<Record<string, (session: SessionService<Visitor>) => unknown>> = {
  set: (session) => session.set('user', 'eve'),
  delete: (session) => session.delete('user'),
  pop: (session) => session.pop('user'),
  update: (session) => session.update({ user: 'eve' }),
  clear: (session) => session.clear(),
  regenerate: (session) => session.regenerate(),
  destroy: (session) => session.destroy(),
  rollback: (session) => session.rollback(),
  touch: (session) => session.touch(),
  maxAge: (session) => (session.maxAge = 60),
  flash: (session) => session.flash('note', 'saved'),
  assign: (session) => (session.data.user = 'eve'),
  remove: (session) => delete session.data.user,
  nested: (session) => session.get('cart')?.items.push('tea'),
};

/** Everything that a gateway may do with a session. */
@WebSocketGateway()
@UseFilters(AnswerErrors)
export class VisitorGateway implements OnGatewayConnection {
  /** What `handleConnection` read, in order. */
  readonly connected: Seen[] = [];
  readonly opened: object[] = [];

  constructor(private readonly sessions: SessionManager) {}

  handleConnection(client: AnySocket, request?: IncomingMessage): void {
    const session = this.sessions.open<Visitor>(client, request);
    this.opened.push(session);
    this.connected.push(look(session));
  }

  @SubscribeMessage('look')
  look(@Session() session: Session<Visitor>): object {
    return { event: 'seen', data: look(session) };
  }

  @SubscribeMessage('user')
  user(@Session('user') user?: string): object {
    return { event: 'seen', data: { user: user ?? null } };
  }

  @SubscribeMessage('open')
  open(@ConnectedSocket() client: AnySocket, @Session() session: Session<Visitor>): object {
    this.opened.push(session, this.sessions.open(client));
    return { event: 'seen', data: look(this.sessions.open(client)) };
  }

  @SubscribeMessage('guarded')
  @UseGuards(LoggedInGuard)
  guarded(@Session('user') user: string): object {
    return { event: 'seen', data: { user } };
  }

  @SubscribeMessage('write')
  write(client: AnySocket, name: string): object {
    const session = this.sessions.open<Visitor>(client);
    WRITES[name]?.(session);
    return { event: 'seen', data: look(session) };
  }
}
