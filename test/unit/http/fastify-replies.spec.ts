import { describe, expect, it, jest } from '@jest/globals';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { httpExchangeOf, isSecure } from '../../../lib/http/exchange.js';
import { rememberFastifyReplies } from '../../../lib/http/fastify-replies.js';
import { type FastifyReplyLike, replyTo } from '../../../lib/http/replies-in-flight.js';

type Hook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** A Fastify application as far as hooks go. */
function fakeFastify() {
  const hooks: Hook[] = [];
  const addHook = jest.fn((_name: string, hook: Hook) => void hooks.push(hook));
  const adapter = { getType: () => 'fastify', getInstance: () => ({ addHook }) };
  const receive = (protocol: string) => {
    const raw = new IncomingMessage(new Socket());
    const request = { raw, protocol };
    const reply = { raw: new ServerResponse(raw), request };
    const done = jest.fn();
    for (const hook of hooks) hook(request, reply, done);
    return { raw, reply, done };
  };
  return { adapter, addHook, receive };
}

describe('rememberFastifyReplies', () => {
  it('hooks into the start of each request, once', () => {
    const { adapter, addHook } = fakeFastify();
    rememberFastifyReplies(adapter);
    expect(addHook.mock.calls).toStrictEqual([['onRequest', expect.any(Function)]]);
  });

  it('remembers the reply and lets the request go on', () => {
    const { adapter, receive } = fakeFastify();
    rememberFastifyReplies(adapter);
    const { raw, reply, done } = receive('http');
    expect(replyTo(raw)).toBe(reply);
    expect(done.mock.calls).toStrictEqual([[]]);
  });

  it('leads from a raw request to its raw response', () => {
    const { adapter, receive } = fakeFastify();
    rememberFastifyReplies(adapter);
    const { raw, reply } = receive('http');
    expect(httpExchangeOf(raw).response).toBe(reply.raw);
  });

  it.each([
    ['https', true],
    ['http', false],
  ])('lets Fastify judge by its trustProxy: %s', (protocol, expected) => {
    const { adapter, receive } = fakeFastify();
    rememberFastifyReplies(adapter);
    const { raw } = receive(protocol);
    Object.assign(raw.socket, { encrypted: !expected });
    expect(isSecure(raw)).toBe(expected);
  });

  it('leaves other adapters alone', () => {
    const getInstance = jest.fn();
    rememberFastifyReplies({ getType: () => 'express', getInstance });
    expect(getInstance).not.toHaveBeenCalled();
  });

  it('does without an adapter, as in a standalone application', () => {
    expect(() => rememberFastifyReplies(undefined)).not.toThrow();
  });

  it('knows no reply of a request that Fastify does not serve', () => {
    expect(replyTo(new IncomingMessage(new Socket()))).toBeUndefined();
  });
});
