import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { createServer as createServer1, IncomingMessage, request as request1, ServerResponse } from 'node:http';
import { connect, createServer as createServer2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, type Server, Socket } from 'node:net';
import { httpExchangeOf, isSecure } from '../../../lib/http/exchange.js';
import { complaintOf } from '../support.js';

const closing: (() => unknown)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

function rawPair(): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(new Socket());
  return { request, response: new ServerResponse(request) };
}

function hostOf(args: unknown[], type = 'http'): ArgumentsHost {
  const host = new ExecutionContextHost(args);
  host.setType(type);
  return host;
}

function listen(server: Server): Promise<number> {
  closing.push(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

describe('httpExchangeOf', () => {
  it('finds a raw request and its raw response', () => {
    const { request, response } = rawPair();
    const exchange = httpExchangeOf(request, response);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
  });

  it('does without a response that it cannot know', () => {
    const { request } = rawPair();
    expect(httpExchangeOf(request)).toStrictEqual({ request, response: undefined });
  });

  it('finds the response that Express hangs on its request', () => {
    const { request, response } = rawPair();
    const express = Object.assign(request, { res: response, get: jest.fn(), protocol: 'http' });
    expect(httpExchangeOf(express).request).toBe(request);
    expect(httpExchangeOf(express).response).toBe(response);
  });

  it('prefers the response that it is given', () => {
    const { request, response } = rawPair();
    const other = rawPair().response;
    expect(httpExchangeOf(Object.assign(request, { res: other }), response).response).toBe(response);
  });

  it('finds the raw objects within those of Fastify', () => {
    const { request, response } = rawPair();
    const fastifyRequest = { raw: request, headers: {}, url: '/', body: null };
    const fastifyReply = { raw: response, request: fastifyRequest, header: jest.fn() };
    const exchange = httpExchangeOf(fastifyRequest, fastifyReply);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
  });

  it('is not misled by a body kept under "raw"', () => {
    const { request, response } = rawPair();
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
    expect(httpExchangeOf(rawPair().request, response).response).toBeUndefined();
  });

  it('finds the exchange behind a context of Nest, whatever response is given beside it', () => {
    const { request, response } = rawPair();
    const exchange = httpExchangeOf(hostOf([request, { raw: response }]), rawPair().response);
    expect(exchange.request).toBe(request);
    expect(exchange.response).toBe(response);
  });

  it.each(['rpc', 'ws', 'graphql'])('refuses a context of type "%s"', (type) => {
    const { request, response } = rawPair();
    expect(complaintOf(() => httpExchangeOf(hostOf([request, response], type)))).toStrictEqual({
      code: 'ERR_SESSION_NO_REQUEST',
      message:
        `Cannot open a session: the context is of type "${type}". ` +
        'Give an ExecutionContext of type "http", or a request and its response.',
    });
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['text', 'request'],
    ['a function', () => 'request'],
    ['an empty object', {}],
    ['headers without a url', { headers: {} }],
    ['a url without headers', { url: '/' }],
    ['headers that are null', { headers: null, url: '/' }],
    ['a response', rawPair().response],
    ['an empty context', hostOf([])],
    ['half a context', { getType: () => 'http' }],
  ])('refuses %s for a request', (_, target) => {
    expect(complaintOf(() => httpExchangeOf(target, rawPair().response))).toStrictEqual({
      code: 'ERR_SESSION_NO_REQUEST',
      message:
        'Cannot open a session: what was given is no HTTP request. ' +
        'Give an ExecutionContext of type "http", or a request and its response.',
    });
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
    expect(isSecure(exchange.request)).toBe(false);
  });
});

describe('isSecure', () => {
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
    const { request } = rawPair();
    for (const [name, value] of Object.entries(properties)) Object.defineProperty(request, name, { value });
    expect(isSecure(request)).toBe(expected);
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
    expect(isSecure(await seen)).toBe(false);
  });
});
