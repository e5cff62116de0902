import { describe, expect, it, jest } from '@jest/globals';
import { type IncomingMessage, ServerResponse } from 'node:http';
import { httpExchangeOf } from '../../../lib/http/find-exchange.js';
import { keepFastifyReplies } from '../../../lib/http/fastify-replies.js';
import type { FastifyReplyLike } from '../../../lib/http/http-exchange.js';
import { knownExchangeOf } from '../../../lib/http/kept-exchange.js';
import { exchangeWith } from '../../support/exchange.js';

type Hook = (request: unknown, reply: FastifyReplyLike, done: () => void) => void;

/** A Fastify application as far as hooks go. */
function fakeFastify() {
  const hooks: Record<string, Hook[]> = { onRequest: [], onResponse: [] };
  const addHook = jest.fn((name: string, hook: Hook) => void hooks[name]?.push(hook));
  const adapter = { getType: () => 'fastify', getInstance: () => ({ addHook }) };
  const receive = (protocol: string, raw = exchangeWith().request) => {
    const request = { raw, protocol };
    const reply = { raw: new ServerResponse(raw), request };
    const done = jest.fn();
    const run = (name: string) => {
      for (const hook of hooks[name] ?? []) hook(request, reply, done);
    };
    run('onRequest');
    return { raw, reply, done, finish: () => run('onResponse') };
  };
  return { adapter, addHook, receive };
}

/** Receives requests of an application whose replies are remembered. */
function remembering() {
  const { adapter, receive } = fakeFastify();
  keepFastifyReplies(adapter);
  return receive;
}

describe('keepFastifyReplies', () => {
  it('hooks into the start and the end of each request, once', () => {
    const { adapter, addHook } = fakeFastify();
    keepFastifyReplies(adapter);
    expect(addHook.mock.calls).toStrictEqual([
      ['onRequest', expect.any(Function)],
      ['onResponse', expect.any(Function)],
    ]);
  });

  it('remembers the reply and lets the request go on', () => {
    const receive = remembering();
    const { raw, reply, done } = receive('http');
    expect(httpExchangeOf(raw).response).toBe(reply.raw);
    expect(done.mock.calls).toStrictEqual([[]]);
  });

  it('takes a request that has no socket, as those have that tests make up', () => {
    const receive = remembering();
    const { raw, reply } = receive('http', { headers: {}, url: '/' } as IncomingMessage);
    expect(httpExchangeOf(raw).response).toBe(reply.raw);
  });

  it('forgets the reply once it has been sent, but not that it has', () => {
    const receive = remembering();
    const { raw, reply, done, finish } = receive('http');
    const exchange = httpExchangeOf(raw);
    expect([exchange.hasResponse, exchange.areHeadersSent]).toStrictEqual([true, false]);
    reply.raw.writeHead(200);
    finish();
    expect(done).toHaveBeenCalledTimes(2);
    // Whoever asks with the reply does not have it kept again.
    for (const known of [exchange, httpExchangeOf(raw, reply)]) {
      expect(known.response).toBeUndefined();
      expect([known.hasResponse, known.areHeadersSent]).toStrictEqual([true, true]);
    }
  });

  it('forgets a response that was known before, as where a hook before ours has answered', () => {
    const { adapter, receive } = fakeFastify();
    const { raw, reply, finish } = receive('http');
    keepFastifyReplies(adapter);
    const exchange = httpExchangeOf(raw, reply);
    reply.raw.writeHead(200);
    finish();
    expect([exchange.response, exchange.areHeadersSent]).toStrictEqual([undefined, true]);
  });

  it('takes a request that is sent once more for a new one', () => {
    const receive = remembering();
    const { raw, reply, finish } = receive('http');
    reply.raw.writeHead(200);
    finish();
    const second = receive('http', raw);
    const exchange = httpExchangeOf(raw, second.reply);
    expect([exchange.response, exchange.areHeadersSent]).toStrictEqual([second.reply.raw, false]);
  });

  it('remembers that a reply has been sent, even if it was not looked up before', () => {
    const receive = remembering();
    const { raw, reply, finish } = receive('http');
    reply.raw.writeHead(200);
    finish();
    const { hasResponse, areHeadersSent } = httpExchangeOf(raw);
    expect([hasResponse, areHeadersSent]).toStrictEqual([true, true]);
  });

  it('keeps a reply that has ended without its headers, as those do whose client has gone', () => {
    const receive = remembering();
    const { raw, reply, finish } = receive('http');
    finish();
    expect(httpExchangeOf(raw).response).toBe(reply.raw);
    expect(httpExchangeOf(raw).areHeadersSent).toBe(false);
  });

  it('does not take a handshake for an answered request', () => {
    const receive = remembering();
    const { raw, reply, finish } = receive('http');
    Object.assign(raw, { upgrade: true });
    reply.raw.writeHead(400);
    finish();
    const { hasResponse, areHeadersSent } = httpExchangeOf(raw);
    expect([hasResponse, areHeadersSent]).toStrictEqual([false, false]);
  });

  it('does without an exchange, as where a hook before ours has refused the request', () => {
    const { adapter, receive } = fakeFastify();
    const { raw, finish } = receive('http');
    keepFastifyReplies(adapter);
    expect(finish).not.toThrow();
    expect(knownExchangeOf(raw)).toBeUndefined();
  });

  it('leads from a raw request to its raw response', () => {
    const receive = remembering();
    const { raw, reply } = receive('http');
    expect(httpExchangeOf(raw).response).toBe(reply.raw);
  });

  it.each([
    ['https', true],
    ['http', false],
  ])('lets Fastify judge by its trustProxy: %s', (protocol, expected) => {
    const receive = remembering();
    const { raw } = receive(protocol);
    Object.assign(raw.socket, { encrypted: !expected });
    expect(httpExchangeOf(raw).isSecure).toBe(expected);
  });

  it('leaves other adapters alone', () => {
    const getInstance = jest.fn();
    keepFastifyReplies({ getType: () => 'express', getInstance });
    expect(getInstance).not.toHaveBeenCalled();
  });

  it('does without an adapter, as in a standalone application', () => {
    expect(() => keepFastifyReplies(undefined)).not.toThrow();
  });
});
