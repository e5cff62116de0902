import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import {
  createServer as createServer1,
  type IncomingMessage,
  request as request1,
  type ServerResponse,
} from 'node:http';
import { connect, createServer as createServer2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { httpExchangeOf } from '../../../lib/http/find-exchange.js';
import type { HttpExchange } from '../../../lib/http/http-exchange.js';
import { exchangeWith, newResponse } from '../../support/exchange.js';
import { errorOf } from '../../support/errors.js';
import { noRequest } from '../../support/no-request.js';

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

function hostOf(args: unknown[], type = 'http'): ArgumentsHost {
  const host = new ExecutionContextHost(args);
  host.setType(type);
  return host;
}

const partsOf = ({ request, response }: HttpExchange) => ({ request, response });

function listen(server: Server): Promise<number> {
  closing.push(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

describe('httpExchangeOf', () => {
  it('finds a raw request and its raw response', () => {
    const { request, response } = exchangeWith();
    const exchange = httpExchangeOf(request, response);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
  });

  it('is one for each request, in each way of finding it', () => {
    const { request, response } = exchangeWith();
    const exchange = httpExchangeOf(request, response);
    expect(httpExchangeOf(request)).toBe(exchange);
    expect(httpExchangeOf({ raw: request })).toBe(exchange);
    expect(httpExchangeOf(hostOf([request, response]))).toBe(exchange);
    expect(httpExchangeOf(exchange)).toBe(exchange);
    expect(httpExchangeOf(exchangeWith().request)).not.toBe(exchange);
  });

  it('learns of a response later', () => {
    const { request, response } = exchangeWith();
    const exchange = httpExchangeOf(request);
    expect(exchange.response).toBeUndefined();
    httpExchangeOf(request, response);
    expect(exchange.response).toBe(response);
  });

  it('keeps requests apart that share their list of raw headers', () => {
    const [one, two, three] = [exchangeWith().request, exchangeWith().request, exchangeWith().request];
    two.rawHeaders = three.rawHeaders = one.rawHeaders;
    const exchanges = [one, two, three].map((request) => httpExchangeOf(request));
    expect(exchanges.map(({ request }) => request)).toStrictEqual([one, two, three]);
    expect([one, two, three].map((request) => httpExchangeOf(request))).toStrictEqual(exchanges);
    expect(new Set(exchanges).size).toBe(3);
  });

  it('takes a request that has no list of raw headers', () => {
    const request = { headers: {}, url: '/' };
    expect(httpExchangeOf(request)).toBe(httpExchangeOf(request));
    expect(httpExchangeOf(request)).not.toBe(httpExchangeOf({ headers: {}, url: '/' }));
  });

  it('does without a response that it cannot know', () => {
    const { request } = exchangeWith();
    expect(partsOf(httpExchangeOf(request))).toStrictEqual({ request, response: undefined });
  });

  it('finds the response that Express hangs on its request', () => {
    const { request, response } = exchangeWith();
    const express = Object.assign(request, { res: response, get: jest.fn(), protocol: 'http' });
    expect(httpExchangeOf(express).request).toBe(request);
    expect(httpExchangeOf(express).response).toBe(response);
  });

  it('prefers the response that it is given', () => {
    const { request, response } = exchangeWith();
    const other = exchangeWith().response;
    expect(httpExchangeOf(Object.assign(request, { res: other }), response).response).toBe(response);
  });

  it('finds the raw objects within those of Fastify', () => {
    const { request, response } = exchangeWith();
    const fastifyRequest = { raw: request, headers: {}, url: '/', body: null };
    const fastifyReply = { raw: response, request: fastifyRequest, header: jest.fn() };
    const exchange = httpExchangeOf(fastifyRequest, fastifyReply);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
  });

  it('is not misled by a body kept under "raw"', () => {
    const { request, response } = exchangeWith();
    Object.assign(request, { raw: 'the body as text', res: Object.assign(response, { raw: {} }) });
    expect(httpExchangeOf(request).request).toBe(request);
    expect(httpExchangeOf(request).response).toBe(response);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'response'],
    ['an empty object', {}],
    ['something that only writes heads', { writeHead: jest.fn() }],
    ['something that only sets headers', { setHeader: jest.fn() }],
  ])('takes no notice of %s for a response', (_, response) => {
    expect(httpExchangeOf(exchangeWith().request, response).response).toBeUndefined();
  });

  it('finds the exchange behind a context of Nest, and ignores a response that is given beside it', () => {
    const { request, response } = exchangeWith();
    const exchange = httpExchangeOf(hostOf([request, { raw: response }]), exchangeWith().response);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
  });

  it('finds the exchange in the context of GraphQL, its third argument', () => {
    const { request, response } = exchangeWith();
    for (const context of [
      { req: request, res: response },
      { request, reply: { raw: response } },
    ]) {
      const host = hostOf([{}, {}, context, {}], 'graphql');
      expect(partsOf(httpExchangeOf(host))).toStrictEqual({ request, response });
      expect(partsOf(httpExchangeOf(context))).toStrictEqual({ request, response });
    }
  });

  it('finds the handshake of a socket, which has no response', () => {
    const { request, response } = exchangeWith();
    const socketIo = { handshake: {}, emit: jest.fn(), request: Object.assign(request, { res: response }) };
    expect(partsOf(httpExchangeOf(hostOf([socketIo, 'data'], 'ws')))).toStrictEqual({ request, response: undefined });
    const ws = { readyState: 1, send: jest.fn() };
    expect(errorOf(() => httpExchangeOf(ws)).code).toBe('ERR_SESSION_NO_REQUEST');
    expect(partsOf(httpExchangeOf(ws, request))).toStrictEqual({ request, response: undefined });
    expect(partsOf(httpExchangeOf(hostOf([ws, 'data'], 'ws')))).toStrictEqual({ request, response: undefined });
  });

  it.each<[string, unknown, string]>([
    ['a context of RPC', hostOf([exchangeWith().request], 'rpc'), 'the context is of type "rpc" and has none'],
    ['an empty context', hostOf([]), 'the context is of type "http" and has none'],
    ['half a context', { getType: () => 'http' }, 'the argument contains none'],
    ['undefined', undefined, 'the argument contains none'],
    ['null', null, 'the argument contains none'],
    ['text', 'request', 'the argument contains none'],
    ['a function', () => 'request', 'the argument contains none'],
    ['an empty object', {}, 'the argument contains none'],
    ['headers without a url', { headers: {} }, 'the argument contains none'],
    ['a url without headers', { url: '/' }, 'the argument contains none'],
    ['headers that are null', { headers: null, url: '/' }, 'the argument contains none'],
    ['a response', newResponse(), 'the argument contains none'],
  ])('refuses %s for a request', (_, target, why) => {
    expect(errorOf(() => httpExchangeOf(target, exchangeWith().response))).toStrictEqual(noRequest(why));
  });

  it('finds the exchange of a real HTTP/2 server', async () => {
    const server = createServer2();
    const seen = new Promise<[Http2ServerRequest, Http2ServerResponse]>((resolve) => {
      server.on('request', (request, response) => {
        response.end();
        resolve([request, response]);
      });
    });
    const client = connect(`http://127.0.0.1:${await listen(server)}`);
    closing.unshift(() => client.close());
    client.request({ ':path': '/' }).end();
    const [request, response] = await seen;
    const exchange = httpExchangeOf(request, response);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
    expect(exchange.isSecure).toBe(false);
  });
});

describe('HttpExchange.isSecure', () => {
  it.each<[string, object, boolean]>([
    ['what Express says: https', { protocol: 'https' }, true],
    ['what Express says: http', { protocol: 'http' }, false],
    ['what Express says before the socket', { protocol: 'http', socket: { encrypted: true } }, false],
    ['a TLS socket', { socket: { encrypted: true } }, true],
    ['a plain socket', { socket: {} }, false],
    ['a socket that only claims something', { socket: { encrypted: 'yes' } }, false],
    ['no header of the client', { headers: { 'x-forwarded-proto': 'https' } }, false],
    ['no protocol that is no text', { protocol: true }, false],
  ])('believes %s', (_, properties, expected) => {
    const { request } = exchangeWith();
    for (const [name, value] of Object.entries(properties)) Object.defineProperty(request, name, { value });
    expect(httpExchangeOf(request).isSecure).toBe(expected);
  });

  it('finds a request of a real plain server insecure', async () => {
    const server = createServer1();
    const seen = new Promise<IncomingMessage>((resolve) => {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        response.end();
        resolve(request);
      });
    });
    request1({ host: '127.0.0.1', port: await listen(server), agent: false }).end();
    expect(httpExchangeOf(await seen).isSecure).toBe(false);
  });
});
