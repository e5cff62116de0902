import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { exchangeFor } from '../../../lib/http/kept-exchange.js';
import type { RawRequest } from '../../../lib/http/raw-http.js';
import { RequestContext } from '../../../lib/http/request-context.js';

describe('RequestContext over HTTP/2', () => {
  let server: Http2Server;
  let client: ClientHttp2Session;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(() => {
    client.destroy();
    server.close();
  });

  /** Sends a request, and its body only when the server has seen its head. */
  const send = async (method: string, body: string | undefined) => {
    const context = new RequestContext();
    const emits: boolean[] = [];
    const stream = client.request({ ':method': method, ':path': '/' }, { endStream: body === undefined });
    server.once('request', (http2Request, response) => {
      const request = http2Request as unknown as RawRequest;
      context.enter(exchangeFor(request), false, () => {
        request
          .on('data', () => undefined)
          .on('end', () => response.end(String(context.exchange?.request === request)));
      });
      emits.push(Object.hasOwn(request, 'emit'));
      if (body !== undefined) stream.end(body);
    });
    const text = (await stream.setEncoding('utf8').toArray()).join('');
    return { text, hasBoundEvents: emits[0] };
  };

  it.each(['GET', 'POST'])('runs the events of a body in the course of its request: %s', async (method) => {
    expect(await send(method, 'body')).toEqual({ text: 'true', hasBoundEvents: true });
  });

  it('leaves the events of a GET alone that has no body', async () => {
    expect((await send('GET', undefined)).hasBoundEvents).toBe(false);
  });
});
