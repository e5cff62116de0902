import type { IncomingMessage } from 'node:http';
import { isObject } from './raw-http.js';

/** The handshakes of sockets that do not keep it themselves. */
const handshakes = new WeakMap<object, IncomingMessage>();

/** Whether `value` is the server's end of a WebSocket, by its shape: socket.io's `Socket` or the `WebSocket` of ws. */
export function isSocket(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const isSocketIo = 'handshake' in value && typeof value.emit === 'function';
  const isWs = 'readyState' in value && typeof value.send === 'function';
  return isSocketIo || isWs;
}

/**
 * The request by which a socket was opened: socket.io keeps it, for ws it is remembered from when it was given.
 *
 * @param given the request, as `handleConnection(client, request)` of a gateway on ws gets it
 */
export function handshakeOf(
  socket: Record<string, unknown>,
  given: IncomingMessage | undefined,
): IncomingMessage | undefined {
  if (given !== undefined) handshakes.set(socket, given);
  return (
    (isObject(socket.request) ? (socket.request as unknown as IncomingMessage) : undefined) ?? handshakes.get(socket)
  );
}
