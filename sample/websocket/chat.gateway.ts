import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import { Session, SessionManager } from 'nestjs-sessions';
import type { WebSocket } from 'ws';
import type { Visitor } from '../login/visitor.js';
import { comesFromHere } from './origin.js';

const LONGEST_TEXT = 500;
/** RFC 6455 §7.4.1: the message violates the policy of whoever closes. */
const POLICY_VIOLATION = 1008;

/** Knows who speaks by the session of the handshake: no message says it, so no message can lie about it. */
@WebSocketGateway({ path: '/chat', maxPayload: 4096 })
export class ChatGateway implements OnGatewayConnection<WebSocket>, OnGatewayDisconnect<WebSocket> {
  /** The sockets of each session, by its id. */
  readonly #rooms = new Map<string, Set<WebSocket>>();

  constructor(private readonly sessions: SessionManager) {}

  /** A socket of ws does not keep the request of its handshake; given here, it is known from now on. */
  handleConnection(client: WebSocket, request: IncomingMessage): void {
    const session = this.sessions.open<Visitor>(client, request);
    const user = session.get('user');
    if (user === undefined || !comesFromHere(request)) {
      client.close(POLICY_VIOLATION, 'Log in first.');
      return;
    }
    const sockets = this.#rooms.get(session.id) ?? new Set();
    this.#rooms.set(session.id, sockets.add(client));
    this.#tell('joined', { name: user });
  }

  handleDisconnect(client: WebSocket): void {
    for (const [id, sockets] of this.#rooms) {
      if (!sockets.delete(client)) continue;
      if (sockets.size === 0) this.#rooms.delete(id);
      this.#tell('left', {});
    }
  }

  @SubscribeMessage('say')
  say(@ConnectedSocket() client: WebSocket, @Session('user') name: string | undefined, @MessageBody() text: unknown) {
    // The session has expired since: from that second on there is no user in it.
    if (name === undefined) return client.close(POLICY_VIOLATION, 'Log in again.');
    if (typeof text === 'string' && text.trim() !== '') {
      this.#tell('said', { name, text: text.trim().slice(0, LONGEST_TEXT) });
    }
  }

  /** A socket keeps the session of its handshake, so log-out has to end it. */
  close(id: string): void {
    for (const client of this.#rooms.get(id) ?? []) client.close(POLICY_VIOLATION, 'Logged out.');
  }

  #tell(event: string, data: object): void {
    const sockets = Array.from(this.#rooms.values(), (room) => Array.from(room)).flat();
    const message = JSON.stringify({ event, data: { ...data, here: sockets.length } });
    for (const socket of sockets) if (socket.readyState === socket.OPEN) socket.send(message);
  }
}
