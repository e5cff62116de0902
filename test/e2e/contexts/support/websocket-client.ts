import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { closeAfterTest } from '../../../support/app.js';
import type { Client } from '../../../support/client.js';

/** The other end of a gateway's socket. */
export interface TestSocket {
  /** Sends a message. @returns the event and the data of the next one that comes */
  ask(event: string, data?: unknown): Promise<readonly [event: string, data: unknown]>;
  close(): Promise<unknown>;
}

/** A kind of sockets: what the server needs for it, and how a client opens one. */
export interface SocketKind {
  readonly title: string;
  configure(app: INestApplication): void;
  /** @param path of ws, or the namespace of socket.io */
  connect(client: Client, path?: string): Promise<TestSocket>;
}

const socketIo = (transport: 'websocket' | 'polling'): SocketKind => ({
  title: `socket.io by ${transport}`,
  configure: () => {},
  async connect(client, path = '') {
    const extraHeaders = await cookiesOf(client);
    const socket = io(client.url + path, {
      transports: [transport],
      forceNew: true,
      reconnection: false,
      extraHeaders,
    });
    const next = () =>
      new Promise<readonly [string, unknown]>((resolve) => {
        socket.onAny((event: string, data: unknown) => {
          socket.offAny();
          resolve([event, data]);
        });
      });
    const test = keep({
      ask(event, data) {
        const answer = next();
        socket.emit(event, data);
        return answer;
      },
      close() {
        const { engine } = socket.io;
        const closed =
          engine.readyState === 'closed' ? Promise.resolve() : new Promise((resolve) => engine.once('close', resolve));
        socket.close();
        return closed;
      },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return test;
  },
});

export const SOCKET_IO_WEBSOCKET = socketIo('websocket');
export const SOCKET_IO_POLLING = socketIo('polling');

export const WS: SocketKind = {
  title: 'ws',
  configure: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
  async connect(client, path = '') {
    const socket = new WebSocket(client.url.replace('http', 'ws') + path, { headers: await cookiesOf(client) });
    const test = keep({
      async ask(event, data) {
        const answer = once(socket, 'message') as Promise<[Buffer]>;
        socket.send(JSON.stringify({ event, data }));
        const [text] = await answer;
        const message = JSON.parse(text.toString()) as { event: string; data: unknown };
        return [message.event, message.data];
      },
      close() {
        const closed = socket.readyState === WebSocket.CLOSED ? Promise.resolve() : once(socket, 'close');
        socket.terminate();
        return closed;
      },
    });
    await once(socket, 'open');
    return test;
  },
};

export const SOCKETS: readonly SocketKind[] = [SOCKET_IO_WEBSOCKET, SOCKET_IO_POLLING, WS];

async function cookiesOf(client: Client): Promise<Record<string, string>> {
  const cookie = await client.jar.getCookieString(client.url);
  return cookie === '' ? {} : { cookie };
}

function keep(socket: TestSocket): TestSocket {
  closeAfterTest(() => socket.close());
  return socket;
}
