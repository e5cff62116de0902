import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { describeOnEachPlatform } from '../support/app.js';
import { Client } from '../support/client.js';
import { setClock, stopClock } from '../support/clock.js';
import { form } from '../support/form.js';
import { startChat } from '../e2e/contexts/support/websocket-chat.js';

const sockets = new Set<WebSocket>();

afterEach(() => {
  for (const socket of sockets) socket.terminate();
  sockets.clear();
});

describeOnEachPlatform('sample/websocket', (platform) => {
  let client: Client;

  beforeEach(async () => {
    client = new Client(await startChat(platform));
  });

  it.each([
    ['without a cookie', {}],
    ['with a cookie that is none', { cookie: 'session=nonsense' }],
  ])('closes a socket %s', async (_, headers) => {
    expect(await closing(connect(headers))).toEqual([1008, 'Log in first.']);
  });

  it('closes a socket that the page of another site opens with our cookie', async () => {
    const cookie = await logIn('Tom');
    const { host } = new URL(client.url);
    for (const origin of ['http://127.0.0.1:1', 'null']) {
      expect(await closing(connect({ cookie, origin }))).toEqual([1008, 'Log in first.']);
    }
    expect(await next(connect({ cookie, origin: `http://${host}` }))).toEqual({
      event: 'joined',
      data: { name: 'Tom', here: 1 },
    });
  });

  it('takes the name from the session, not from a message, and drops a message that is no text', async () => {
    const socket = connect({ cookie: await logIn('Tom') });
    await next(socket);
    socket.send(JSON.stringify({ event: 'say', data: { name: 'Ann', text: 'I am Ann' } }));
    socket.send(JSON.stringify({ event: 'say', data: '  ' }));
    socket.send(JSON.stringify({ event: 'say', data: 'Hello!', name: 'Ann' }));
    expect(await next(socket)).toEqual({ event: 'said', data: { name: 'Tom', text: 'Hello!', here: 1 } });
  });

  it('closes a socket that speaks after its session has expired', async () => {
    stopClock();
    const socket = connect({ cookie: await logIn('Tom') });
    await next(socket);
    setClock(14 * 24 * 60 * 60);
    socket.send(JSON.stringify({ event: 'say', data: 'Still here' }));
    expect(await closing(socket)).toEqual([1008, 'Log in again.']);
  });

  it('ends the sockets of the user before when another user logs in', async () => {
    const socket = connect({ cookie: await logIn('Tom') });
    await next(socket);
    const closed = closing(socket);
    await logIn('Ann');
    expect(await closed).toEqual([1008, 'Logged out.']);
  });

  it('is HTML whose scripts come from here alone', async () => {
    const { headers, text } = await client.get('/');
    expect(headers['content-security-policy']).toContain("script-src 'self'; connect-src 'self'");
    await logIn('<script>x</script>');
    const chat = await client.get('/');
    expect(text + chat.text).not.toMatch(/https?:\/\//i);
    expect(chat.text.match(/<script[^>]*>/g)).toEqual(['<script src="/client.js">']);
    expect((await client.get('/client.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  async function logIn(name: string): Promise<string> {
    await client.post('/login', form({ name }));
    return client.jar.getCookieString(client.url);
  }

  function connect(headers: Readonly<Record<string, string>>): WebSocket {
    const socket = new WebSocket(`${client.url.replace('http', 'ws')}/chat`, { headers });
    sockets.add(socket);
    return socket;
  }
});

async function next(socket: WebSocket): Promise<unknown> {
  const [text] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(text.toString());
}

async function closing(socket: WebSocket): Promise<[code: number, reason: string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}
