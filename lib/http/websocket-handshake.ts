import type { IncomingMessage } from 'node:http';
import { isObject } from './raw-http.js';

/** Handshake requests of sockets that do not keep them, as those of ws. */
const handshakes = new WeakMap<object, IncomingMessage>();

/** Whether `value` is the server's end of a WebSocket, by its shape: the `Socket` of socket.io, `WebSocket` of ws. */
export function isSocket(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const isSocketIo = 'handshake' in value && typeof value.emit === 'function';
  const isWs = 'readyState' in value && typeof value.send === 'function';
  return isSocketIo || isWs;
}

/**
 * The handshake request of a socket: socket.io keeps it; for ws, it is stored when first passed.
 *
 * @param request as `handleConnection(client, request)` gets it in a gateway on ws
 */
export function handshakeOf(
  socket: Record<string, unknown>,
  request: IncomingMessage | undefined,
): IncomingMessage | undefined {
  if (request !== undefined) handshakes.set(socket, request);
  return (
    (isObject(socket.request) ? (socket.request as unknown as IncomingMessage) : undefined) ?? handshakes.get(socket)
  );
}
