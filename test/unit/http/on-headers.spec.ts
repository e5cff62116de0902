import { describe, expect, it, jest } from '@jest/globals';
import express from 'express';
import { ServerResponse } from 'node:http';
import { areHeadersSent, hookHeaders } from '../../../lib/http/on-headers.js';
import type { OutgoingHeaders } from '../../../lib/http/outgoing-headers.js';
import { newResponse } from '../../support/exchange.js';

type WriteHead = (this: unknown, ...args: unknown[]) => unknown;

const adding = (name = 'x-added', value = 'yes') => ({
  onHeaders: jest.fn((headers: OutgoingHeaders) => void headers.setHeader(name, value)),
});

const writeHeadOf = (response: object) => Reflect.get(response, 'writeHead') as WriteHead;

/** The header lines that a response has written. */
const written = (response: ServerResponse) => String(Reflect.get(response, '_header'));

/** Wraps `writeHead` as other software does, and records the arguments that it is called with. */
function wrap(response: ServerResponse): unknown[][] {
  const calls: unknown[][] = [];
  const inner = writeHeadOf(response);
  Object.assign(response, {
    writeHead(this: unknown, ...args: unknown[]) {
      calls.push(args);
      return inner.apply(this, args);
    },
  });
  return calls;
}

describe('hookHeaders', () => {
  it.each<[string, unknown[]]>([
    ['a status', [201]],
    ['a status and a reason', [201, 'Made']],
    ['headers', [201, { 'x-own': '1' }]],
    ['a reason and headers', [201, 'Made', { 'x-own': '1' }]],
    ['a list of headers', [201, ['x-own', '1']]],
    ['a list of pairs', [201, [['x-own', '1']]]],
    ['no reason and headers', [201, undefined, { 'x-own': '1' }]],
    ['null and headers', [201, null, { 'x-own': '1' }]],
    ['headers and undefined', [201, { 'x-own': '1' }, undefined]],
    ['two objects, of which Node takes the second', [201, { 'x-other': '1' }, { 'x-own': '1' }]],
  ])('adds headers to those of writeHead with %s', (title, args) => {
    const response = newResponse();
    hookHeaders(response, adding());
    expect(writeHeadOf(response).apply(response, args)).toBe(response);
    expect(written(response)).toMatch(/^HTTP\/1.1 201 (?:Created|Made)\r\n/);
    expect(written(response)).toContain('x-added: yes\r\n');
    expect(written(response)).not.toContain('x-other');
    if (title.includes('headers')) expect(written(response)).toContain('x-own: 1\r\n');
  });

  it.each<[string, unknown[], unknown[]]>([
    ['an object for an object', [200, { a: '1' }], [200, { a: '1', 'x-added': 'yes' }]],
    ['a list for a list', [200, ['a', '1']], [200, ['a', '1', 'x-added', 'yes']]],
    [
      'pairs for pairs',
      [200, 'OK', [['a', '1']]],
      [
        200,
        'OK',
        [
          ['a', '1'],
          ['x-added', 'yes'],
        ],
      ],
    ],
    ['nothing for nothing', [200], [200]],
    ['what it cannot read as it is', [200, 'OK', 7], [200, 'OK', 7]],
  ])('gives a wrapper from before the kind that the application gave: %s', (_, args, expected) => {
    const response = newResponse();
    const calls = wrap(response);
    hookHeaders(response, adding());
    writeHeadOf(response).apply(response, args);
    expect(calls).toStrictEqual([expected]);
  });

  it('calls each listener once, in their order', () => {
    const response = newResponse();
    const [one, two] = [adding('x-one'), adding('x-two')];
    hookHeaders(response, one);
    hookHeaders(response, two);
    response.end();
    expect(() => response.writeHead(200)).toThrow('headers');
    expect([one.onHeaders.mock.calls.length, two.onHeaders.mock.calls.length]).toStrictEqual([1, 1]);
    expect(written(response).indexOf('x-one')).toBeLessThan(written(response).indexOf('x-two'));
  });

  it('calls them again where writeHead has failed, because nothing was sent', () => {
    const response = newResponse();
    hookHeaders(response, adding());
    expect(() => response.writeHead(200, { 'x-own': 'line\nbreak' })).toThrow('Invalid character');
    expect(areHeadersSent(response)).toBe(false);
    response.writeHead(500);
    expect(written(response)).toMatch(/^HTTP\/1.1 500 [^]*\r\nx-added: yes\r\n/);
  });

  it('takes back whatever was added to a response whose writeHead has failed', () => {
    const response = newResponse();
    response.setHeader('Vary', 'Accept');
    hookHeaders(response, adding('Vary', 'Accept, Cookie'));
    hookHeaders(response, adding('Cache-Control', 'no-store'));
    expect(() => response.writeHead(99)).toThrow('status');
    expect(response.getHeaders()).toStrictEqual(Object.assign(Object.create(null), { vary: 'Accept' }));
  });

  it('runs inside of a wrapper from afterwards', () => {
    const response = newResponse();
    hookHeaders(response, adding());
    const calls = wrap(response);
    response.end();
    expect(calls).toHaveLength(1);
    expect(written(response)).toContain('x-added: yes\r\n');
  });

  it('calls no listener twice where a wrapper calls writeHead from within', () => {
    const response = newResponse();
    const inner = response.writeHead.bind(response);
    let isFirst = true;
    const again = (status: number) => {
      if (!isFirst) return inner(status);
      isFirst = false;
      return response.writeHead(status + 1);
    };
    Object.assign(response, { writeHead: again });
    const listener = adding();
    hookHeaders(response, listener);
    response.writeHead(200);
    expect(listener.onHeaders).toHaveBeenCalledTimes(1);
    expect(written(response)).toMatch(/^HTTP\/1.1 201 [^]*x-added: yes/);
  });

  it('ends where headers that were to be sent are not, as on HTTP/2 once the client has gone', () => {
    const response = newResponse();
    Object.assign(response, { writeHead: () => response });
    const [early, late] = [adding('x-early'), adding('x-late')];
    hookHeaders(response, early);
    response.writeHead(200);
    hookHeaders(response, late);
    response.writeHead(200);
    expect([early.onHeaders.mock.calls.length, late.onHeaders.mock.calls.length]).toStrictEqual([1, 0]);
  });

  it('knows from the first listener on that the headers are on their way', () => {
    const response = newResponse();
    const seen: boolean[] = [];
    hookHeaders(response, { onHeaders: () => void seen.push(areHeadersSent(response)) });
    seen.push(areHeadersSent(response));
    response.end();
    expect(seen).toStrictEqual([false, true]);
  });

  it('gives all responses the same function: one for each would cost V8 dearly', () => {
    const [one, two] = [newResponse(), newResponse()];
    for (const response of [one, two]) hookHeaders(response, adding());
    expect(Object.hasOwn(one, 'writeHead')).toBe(true);
    expect(writeHeadOf(one)).toBe(writeHeadOf(two));
  });

  it.each<[string, (response: ServerResponse) => ServerResponse]>([
    ['a proxy', (response) => new Proxy(response, {})],
    ['an object that inherits from it', (response) => Object.create(response) as ServerResponse],
  ])('adds to the headers that %s of the response writes', (_, around) => {
    const response = newResponse();
    hookHeaders(response, adding());
    const outer = around(response);
    outer.writeHead(200, { 'x-own': '1' });
    expect(written(outer)).toContain('x-own: 1\r\nx-added: yes\r\n');
  });

  it('does no harm where its function was copied to another response', () => {
    const [response, other] = [newResponse(), newResponse()];
    const listener = adding();
    hookHeaders(response, listener);
    Object.assign(other, { writeHead: writeHeadOf(response) });
    other.writeHead(200);
    expect(written(other)).toMatch(/^HTTP\/1.1 200/);
    expect(listener.onHeaders).not.toHaveBeenCalled();
  });

  it('adds to a response that is passed on to another application, whose prototype it gets', () => {
    const [parent, mounted] = [express(), express()];
    parent.use(mounted);
    const response = newResponse();
    Object.setPrototypeOf(response, mounted.response);
    hookHeaders(response, adding());
    Object.setPrototypeOf(response, parent.response);
    response.end();
    expect(written(response)).toContain('x-added: yes\r\n');
  });

  it('calls the writeHead of a prototype that was patched later, as tracing tools do', () => {
    const response = newResponse();
    const prototype = Object.create(ServerResponse.prototype) as ServerResponse;
    Object.setPrototypeOf(response, prototype);
    hookHeaders(response, adding());
    const calls = wrap(prototype);
    response.writeHead(200);
    expect(calls).toStrictEqual([[200]]);
    expect(written(response)).toContain('x-added: yes\r\n');
  });

  it.each<[string, unknown[]]>([
    ['a bad reason', [200, 'bad\nreason', { 'x-own': '1' }]],
    ['a bad value', [200, { 'x-own': '1', 'x-bad': 'a\nb' }]],
    ['a bad status', [99, { 'x-own': '1' }]],
  ])('leaves nothing of ours on a response that Node has given the headers to, before it failed: %s', (_, args) => {
    const response = newResponse();
    response.setHeader('Set-Cookie', 'app=1');
    hookHeaders(response, adding('Set-Cookie', ['app=1', 'session=1'] as unknown as string));
    hookHeaders(response, adding('Cache-Control', 'no-store'));
    expect(() => writeHeadOf(response).apply(response, args)).toThrow(/reason|header|status/i);
    expect([response.getHeader('set-cookie'), response.getHeader('cache-control')]).toEqual(['app=1', undefined]);
  });

  it('passes on the error of a wrapper that fails after the headers were sent', () => {
    const response = newResponse();
    const inner = response.writeHead.bind(response);
    Object.assign(response, {
      writeHead: (status: number) => {
        inner(status);
        throw new Error('after the headers');
      },
    });
    hookHeaders(response, adding());
    expect(() => response.writeHead(200)).toThrow('after the headers');
    expect(areHeadersSent(response)).toBe(true);
  });
});
