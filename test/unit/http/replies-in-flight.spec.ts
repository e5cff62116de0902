import { describe, expect, it } from '@jest/globals';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { rememberReply, replyTo } from '../../../lib/http/replies-in-flight.js';

/** A reply to a request over a socket; `isSent` as Node's response says it once the last byte is on its way. */
function replyOver(socket: Socket) {
  const request = new IncomingMessage(socket);
  const raw = new ServerResponse(request);
  let isSent = false;
  Object.defineProperty(raw, 'writableFinished', { get: () => isSent });
  const reply = { raw, request: { raw: request, protocol: 'http' } };
  rememberReply(reply);
  return { request, reply, send: () => void (isSent = true) };
}

describe('replyTo', () => {
  it('is remembered, also when it has been sent', () => {
    const { request, reply, send } = replyOver(new Socket());
    expect(replyTo(request)).toBe(reply);
    send();
    expect(replyTo(request)).toBe(reply);
  });

  it('is forgotten with the next request of its socket, once it has been sent', () => {
    const socket = new Socket();
    const first = replyOver(socket);
    first.send();
    const second = replyOver(socket);
    expect(replyTo(first.request)).toBeUndefined();
    expect(replyTo(second.request)).toBe(second.reply);
  });

  it('is that of each request where a client does not wait for the first', () => {
    const socket = new Socket();
    const all = [replyOver(socket), replyOver(socket), replyOver(socket)];
    for (const { request, reply } of all) expect(replyTo(request)).toBe(reply);
    for (const { send } of all) send();
    const next = replyOver(socket);
    expect(replyTo(next.request)).toBe(next.reply);
  });

  it('is none of a request of another socket, or of none', () => {
    replyOver(new Socket());
    expect(replyTo(new IncomingMessage(new Socket()))).toBeUndefined();
    expect(replyTo({ headers: {}, url: '/' } as IncomingMessage)).toBeUndefined();
  });
});
