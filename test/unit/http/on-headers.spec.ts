import { describe, expect, it, jest } from '@jest/globals';
import express from 'express';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { onDeparture, watchExpressResponses } from '../../../lib/http/on-headers.js';
import { httpExchangeOf } from '../../../lib/http/find-exchange.js';
import type { LeavingHeaders } from '../../../lib/http/outgoing-headers.js';

function newExchange(prototype?: object) {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  if (prototype !== undefined) Object.setPrototypeOf(response, prototype);
  return { exchange: httpExchangeOf(request, response), request, response };
}

const adding = (name = 'x-added', value = 'yes') => ({
  depart: jest.fn((headers: LeavingHeaders) => void headers.setHeader(name, value)),
});

const writeHeadOf = (response: object): unknown => Reflect.get(response, 'writeHead');

/** The header lines that a response has written. */
const written = (response: ServerResponse) => String(Reflect.get(response, '_header'));

const watchedExpress = () => {
  const app = express();
  watchExpressResponses({ getType: () => 'express', getInstance: () => app });
  return app;
};

describe.each([
  ['a response', () => newExchange()],
  ['a response of Express', () => newExchange(watchedExpress().response)],
])('onDeparture, of %s', (_, make) => {
  it.each<[string, unknown[]]>([
    ['a status', [201]],
    ['headers', [201, { 'x-own': '1' }]],
    ['a reason and headers', [201, 'Made', { 'x-own': '1' }]],
    ['a list of headers', [201, ['x-own', '1']]],
  ])('adds headers to those of writeHead with %s', (title, args) => {
    const { exchange, response } = make();
    onDeparture(exchange, response, adding());
    expect((response.writeHead as (...given: unknown[]) => unknown)(...args)).toBe(response);
    expect(written(response)).toMatch(/^HTTP\/1.1 201 (?:Created|Made)\r\n/);
    expect(written(response)).toContain('x-added: yes\r\n');
    if (title !== 'a status') expect(written(response)).toContain('x-own: 1\r\n');
  });

  it('tells everybody once, in their order', () => {
    const { exchange, response } = make();
    const [one, two] = [adding('x-one'), adding('x-two')];
    onDeparture(exchange, response, one);
    onDeparture(exchange, response, two);
    response.end();
    expect(() => response.writeHead(200)).toThrow('headers');
    expect([one.depart.mock.calls.length, two.depart.mock.calls.length]).toStrictEqual([1, 1]);
    expect(written(response).indexOf('x-one')).toBeLessThan(written(response).indexOf('x-two'));
  });

  it('adds to the headers that leave after others could not', () => {
    const { exchange, response } = make();
    onDeparture(exchange, response, adding());
    expect(() => response.writeHead(200, { 'x-own': 'line\nbreak' })).toThrow('Invalid character');
    response.writeHead(500);
    expect(written(response)).toMatch(/^HTTP\/1.1 500 [^]*\r\nx-added: yes\r\n/);
  });

  it('adds to what somebody wraps around writeHead later', () => {
    const { exchange, response } = make();
    onDeparture(exchange, response, adding());
    const inner = response.writeHead.bind(response);
    response.writeHead = () => {
      response.setHeader('x-outer', '1');
      return inner(200);
    };
    response.end();
    expect(written(response)).toContain('x-outer: 1\r\nx-added: yes\r\n');
  });

  it('adds what comes late where headers that were to leave did not', () => {
    const { exchange, response } = make();
    const inner = response.writeHead.bind(response);
    // As HTTP/2 does once the client has gone.
    let hasGone = true;
    response.writeHead = (status: number) => (hasGone ? response : inner(status));
    const [early, late] = [adding('x-early'), adding('x-late')];
    onDeparture(exchange, response, early);
    response.writeHead(200);
    onDeparture(exchange, response, late);
    hasGone = false;
    response.writeHead(200);
    expect([early.depart.mock.calls.length, late.depart.mock.calls.length]).toStrictEqual([1, 1]);
    expect(written(response)).toContain('x-late: yes\r\n');
  });

  it('goes on to what somebody wrapped around writeHead before', () => {
    const { exchange, response } = make();
    const inner = ServerResponse.prototype.writeHead.bind(response);
    response.writeHead = () => {
      response.setHeader('x-inner', '1');
      return inner(200);
    };
    onDeparture(exchange, response, adding());
    response.end();
    expect(written(response)).toContain('x-inner: 1\r\n');
    expect(written(response)).toContain('x-added: yes\r\n');
  });
});

describe('onDeparture', () => {
  it('finds the exchange of a response that belongs to another request', () => {
    const { exchange } = newExchange();
    const { response } = newExchange();
    onDeparture(exchange, response, adding());
    response.end();
    expect(written(response)).toContain('x-added: yes\r\n');
  });

  it('puts no property of its own on a response of Express', () => {
    const { exchange, response } = newExchange(watchedExpress().response);
    onDeparture(exchange, response, adding());
    expect(Object.hasOwn(response, 'writeHead')).toBe(false);
  });

  it('gives all other responses the same function: one for each would cost V8 dearly', () => {
    const [one, two] = [newExchange(), newExchange()];
    for (const { exchange, response } of [one, two]) onDeparture(exchange, response, adding());
    expect(Object.hasOwn(one.response, 'writeHead')).toBe(true);
    expect(writeHeadOf(one.response)).toBe(writeHeadOf(two.response));
  });

  it('adds to a response that a mounted application has passed on', () => {
    const mounted = watchedExpress();
    const parent = express();
    parent.use(mounted);
    const { exchange, response } = newExchange(mounted.response);
    onDeparture(exchange, response, adding());
    Object.setPrototypeOf(response, parent.response);
    response.end();
    expect(written(response)).toContain('x-added: yes\r\n');
  });

  it('leaves a response alone that nobody asked about', () => {
    const { response } = newExchange(watchedExpress().response);
    response.writeHead(200, { 'x-own': '1' });
    expect(written(response)).toContain('x-own: 1\r\n');
  });
});

describe('watchExpressResponses', () => {
  it('leaves other adapters alone, and does without one', () => {
    const getInstance = jest.fn();
    watchExpressResponses({ getType: () => 'fastify', getInstance });
    expect(getInstance).not.toHaveBeenCalled();
    expect(() => watchExpressResponses(undefined)).not.toThrow();
  });

  it('watches an application once, and no other one', () => {
    const app = watchedExpress();
    const writeHead = writeHeadOf(app.response);
    watchExpressResponses({ getType: () => 'express', getInstance: () => app });
    expect(writeHeadOf(app.response)).toBe(writeHead);
    expect(Object.hasOwn(express().response, 'writeHead')).toBe(false);
  });
});
