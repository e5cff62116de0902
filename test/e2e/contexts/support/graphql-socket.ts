import { afterEach } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Client } from '../../../support/client.js';

const open = new Set<WebSocket>();

afterEach(() => {
  for (const socket of open) socket.terminate();
  open.clear();
});

/** One message of the protocol `graphql-transport-ws`. */
interface Message {
  readonly type: string;
  readonly payload?: unknown;
}

/** Sends one operation over a socket. @returns type and payload of what comes back before it is complete */
export async function subscribe(client: Client, query: string): Promise<Message[]> {
  const cookie = await client.jar.getCookieString(client.url);
  const socket = new WebSocket(`${client.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: cookie === '' ? {} : { cookie },
  });
  open.add(socket);
  await once(socket, 'open');
  const messages: Message[] = [];
  const done = new Promise<void>((resolve, reject) => {
    socket.on('message', (text: Buffer) => {
      const { type, payload } = JSON.parse(text.toString()) as Message;
      if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
      else if (type === 'complete') resolve();
      else messages.push({ type, payload });
      if (type === 'error') resolve();
    });
    socket.on('close', (code, reason) => reject(new Error(`Closed: ${code} ${reason.toString()}`)));
  });
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await done;
  return messages;
}
