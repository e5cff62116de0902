import { afterEach, describe, expect, it } from '@jest/globals';
import { type EventEmitter, once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { type ArrivalListener, onArrival } from '../../../lib/http/arrival.js';
import { selfSigned } from '../../support/tls.js';

/** Requests that were held, to be let go on by the test. */
interface Held {
  readonly request: IncomingMessage;
  readonly response: ServerResponse | undefined;
  readonly proceed: () => void;
}

/** A listener that holds each request, and a promise of the next one that it holds. */
function holding(): { listener: ArrivalListener; next: () => Promise<Held> } {
  const [held, waiting]: [Held[], ((held: Held) => void)[]] = [[], []];
  return {
    listener(request, response, proceed) {
      const each = { request, response, proceed };
      const waiter = waiting.shift();
      if (waiter === undefined) held.push(each);
      else waiter(each);
    },
    next() {
      const each = held.shift();
      return each === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(each);
    },
  };
}

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => sockets.add(socket));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** An adapter around a server of Node, as far as arrivals go. */
const adapterOf = (server: unknown, instance: unknown = {}, type = 'node') => ({
  getType: () => type,
  getInstance: () => instance,
  getHttpServer: () => server,
});

/** Sends text to a port. @returns the socket, and what has come back when it has ended */
function send(port: number, text: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  sockets.add(socket);
  socket.write(text);
  const answer = socket.toArray().then((parts) => parts.join(''));
  // A test that breaks the connection does not wait for an answer.
  answer.catch(() => undefined);
  return { socket, answer };
}

const getOf = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n';

/** Writes down what happens, in order. */
function recorder(): { log: string[]; record: (name: string) => ArrivalListener } {
  const log: string[] = [];
  const record =
    (name: string): ArrivalListener =>
    (_request, _response, proceed) => {
      log.push(name);
      proceed();
    };
  return { log, record };
}

interface Emitting {
  readonly emit: (this: EventEmitter, event: string | symbol, ...args: readonly unknown[]) => boolean;
}

/** As tracing tools do: on this server, or on the prototype of all of them. */
function wrap(target: EventEmitter, log: string[]): () => void {
  const own = Object.getOwnPropertyDescriptor(target, 'emit');
  const { emit } = target as Emitting;
  target.emit = function (this: EventEmitter, event: string | symbol, ...args: unknown[]) {
    if (event === 'request') log.push('tracing');
    return emit.call(this, event, ...args);
  };
  return () => (own === undefined ? Reflect.deleteProperty(target, 'emit') : (target.emit = emit));
}

/** An Express application, as far as arrivals go. */
const applicationOf = (handle: (request: IncomingMessage, response: ServerResponse) => unknown) =>
  Object.assign(() => undefined, { handle });

describe('onArrival', () => {
  it('leaves a server as it is until somebody asks', () => {
    const server = http.createServer();
    expect(Object.hasOwn(server, 'emit')).toBe(false);
  });

  it('calls the listener before the listeners of the server, with request and response', async () => {
    const log: unknown[] = [];
    const server = http.createServer((request, response) => {
      log.push('server', request, response);
      response.end('ok');
    });
    onArrival(adapterOf(server), (request, response, proceed) => {
      log.push('arrival', request, response);
      proceed();
    });
    const { answer } = send(await listen(server), GET);
    expect(await answer).toMatch(/^HTTP\/1.1 200 OK[^]*ok/);
    expect(log).toEqual(['arrival', log[4], log[5], 'server', log[1], log[2]]);
  });

  it('holds a request until it may proceed, its body included', async () => {
    const server = http.createServer((request, response) => void request.pipe(response));
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const text = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n';
    const { socket, answer } = send(await listen(server), `${text}he`);
    const { proceed } = await next();
    socket.write('llo');
    proceed();
    expect((await answer).match(/^(?:he|llo|hello)\r$/gm)?.join('')).toBe('he\rllo\r');
  });

  it('lets a request proceed once, however often it is told to', async () => {
    let count = 0;
    const server = http.createServer((_request, response) => response.end(String(++count)));
    onArrival(adapterOf(server), (_request, _response, proceed) => {
      proceed();
      proceed();
      setImmediate(proceed);
    });
    await send(await listen(server), GET).answer;
    expect(count).toBe(1);
  });

  it('calls several listeners in turn, each within the one before', async () => {
    const { log, record } = recorder();
    const server = http.createServer((_request, response) => response.end(String(log.push('server'))));
    const adapter = adapterOf(server);
    onArrival(adapter, (request, response, proceed) => {
      record('first')(request, response, proceed);
      log.push('first has proceeded');
    });
    onArrival(adapter, record('second'));
    await send(await listen(server), GET).answer;
    expect(log).toEqual(['first', 'second', 'server', 'first has proceeded']);
  });

  it('keeps the order of requests of one connection', async () => {
    const server = http.createServer((request, response) => response.end(`<${request.url}>`));
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const { answer } = send(await listen(server), `${getOf('/1')}${getOf('/2')}${GET}`);
    const held = [await next(), await next(), await next()];
    for (const { proceed } of held.toReversed()) proceed();
    expect((await answer).match(/<.*?>/g)).toEqual(['</1>', '</2>', '</>']);
  });

  it('does not announce a request whose client has gone meanwhile', async () => {
    let isAnnounced = false;
    const server = http.createServer(() => (isAnnounced = true));
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const { socket } = send(await listen(server), GET);
    const { request, response, proceed } = await next();
    socket.resetAndDestroy();
    if (response !== undefined) await once(response, 'close');
    proceed();
    expect([request.destroyed, isAnnounced]).toEqual([true, false]);
  });

  it('holds the handshake of a socket and loses none of its bytes', async () => {
    const server = http.createServer();
    server.on('upgrade', (_request, socket, head) => {
      socket.write(head);
      socket.pipe(socket);
    });
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const { socket, answer } = send(await listen(server), `${UPGRADE}one `);
    const { response, proceed } = await next();
    expect(response).toBeUndefined();
    await new Promise<void>((resolve) => void socket.write('two ', () => resolve()));
    proceed();
    socket.end('three');
    expect(await answer).toBe('one two three');
  });

  it('survives a socket that breaks during its handshake, which is announced no more', async () => {
    const upgrades: unknown[] = [];
    const server = http.createServer();
    server.on('upgrade', (request) => upgrades.push(request));
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const { socket } = send(await listen(server), UPGRADE);
    const { request, proceed } = await next();
    const closed = new Promise((resolve) => void request.socket.once('close', resolve));
    request.socket.destroy(new Error('broken'));
    await closed;
    proceed();
    socket.destroy();
    expect(upgrades).toEqual([]);
  });

  it('leaves no listener of its own on a socket that was held', async () => {
    const server = http.createServer();
    const counts: number[] = [];
    server.on('upgrade', (_request, socket: Socket) => {
      counts.push(socket.listenerCount('error'));
      socket.destroy();
    });
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const { answer } = send(await listen(server), UPGRADE);
    (await next()).proceed();
    await answer.catch(() => undefined);
    expect(counts).toEqual([0]);
  });

  it('sees a request that waits for "100 Continue" once, also where that handler announces it again', async () => {
    const { log, record } = recorder();
    const server = http.createServer((_request, response) => response.end(String(log.push('request'))));
    server.on('checkContinue', (request, response) => {
      log.push('checkContinue');
      response.writeContinue();
      server.emit('request', request, response);
    });
    onArrival(adapterOf(server), record('arrival'));
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n';
    expect(await send(await listen(server), head).answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/);
    expect(log).toEqual(['arrival', 'checkContinue', 'request']);
  });

  it('says whether there are listeners, as emit does, and passes other events on', () => {
    const server: EventEmitter = http.createServer();
    onArrival(adapterOf(server), () => undefined);
    expect(server.emit('request', { headers: {}, url: '/', rawHeaders: [] }, {})).toBe(false);
    server.on('request', () => undefined);
    expect(server.emit('request', { headers: {}, url: '/', rawHeaders: [] }, {})).toBe(true);
    expect([server.emit('other'), server.on('other', () => undefined).emit('other')]).toEqual([false, true]);
  });

  describe('beside other software that wraps emit', () => {
    const targets = [
      ['the server', (server: http.Server): EventEmitter => server],
      ['the prototype', (): EventEmitter => http.Server.prototype],
    ] as const;

    it.each(targets)('works where %s was wrapped before', async (_title, targetOf) => {
      const { log, record } = recorder();
      const server = http.createServer((_request, response) => response.end(String(log.push('server'))));
      const restore = wrap(targetOf(server), log);
      onArrival(adapterOf(server), record('arrival'));
      await send(await listen(server), GET).answer;
      restore();
      expect(log).toEqual(['arrival', 'tracing', 'server']);
    });

    it('works where the server is wrapped later', async () => {
      const { log, record } = recorder();
      const server = http.createServer((_request, response) => response.end(String(log.push('server'))));
      onArrival(adapterOf(server), record('arrival'));
      wrap(server, log);
      await send(await listen(server), GET).answer;
      expect(log).toEqual(['tracing', 'arrival', 'server']);
    });

    it('works where the prototype is wrapped later', async () => {
      const { log, record } = recorder();
      const server = http.createServer((_request, response) => response.end(String(log.push('server'))));
      onArrival(adapterOf(server), record('arrival'));
      const restore = wrap(http.Server.prototype, log);
      await send(await listen(server), GET).answer;
      restore();
      expect(log).toEqual(['arrival', 'tracing', 'server']);
    });
  });

  it('sees requests of HTTP/2', async () => {
    const server = http2.createServer((_request, response) => response.end('ok'));
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const client = http2.connect(`http://127.0.0.1:${await listen(server)}`);
    const stream = client.request({ ':path': '/two' }).setEncoding('utf8');
    const { request, proceed } = await next();
    expect(request.url).toBe('/two');
    setImmediate(proceed);
    expect(await stream.toArray()).toEqual(['ok']);
    client.close();
  });

  it('does not announce a request of HTTP/2 whose client has gone meanwhile', async () => {
    let isAnnounced = false;
    const server = http2.createServer(() => (isAnnounced = true));
    const { listener, next } = holding();
    onArrival(adapterOf(server), listener);
    const client = http2.connect(`http://127.0.0.1:${await listen(server)}`);
    const stream = client.request({ ':path': '/' });
    const { request, proceed } = await next();
    stream.close(http2.constants.NGHTTP2_CANCEL);
    await once(request, 'close');
    proceed();
    client.close();
    expect(isAnnounced).toBe(false);
  });

  const certificate = selfSigned();
  const withCertificate = certificate === undefined ? it.skip : it;
  // Skipped where there is no openssl to make a certificate.
  withCertificate('sees requests over TLS', async () => {
    const { log, record } = recorder();
    const server = https.createServer(certificate ?? {}, (_request, response) => response.end('ok'));
    onArrival(adapterOf(server), record('arrival'));
    const port = await listen(server);
    const status = await new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', rejectUnauthorized: false, agent: false } as const;
      https.get(options, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    expect([status, log]).toEqual([200, ['arrival']]);
  });

  it('sees requests that reach an Express application as a function, and those of its server once', async () => {
    const { log, record } = recorder();
    const application = Object.assign(
      (request: IncomingMessage, response: ServerResponse) => application.handle(request, response),
      { handle: (_request: IncomingMessage, response: ServerResponse) => response.end(String(log.push('handler'))) },
    );
    const server = http.createServer(application);
    onArrival(adapterOf(server, application, 'express'), record('arrival'));
    await send(await listen(server), GET).answer;
    await send(await listen(http.createServer(application)), GET).answer;
    expect(log).toEqual(['arrival', 'handler', 'arrival', 'handler']);
  });

  it('lets each of two applications see a request that one passes to the other', async () => {
    const { log, record } = recorder();
    const inner = applicationOf((_request, response) => response.end(String(log.push('handler'))));
    const outer = http.createServer((request, response) => inner.handle(request, response));
    onArrival(adapterOf(outer), record('outer'));
    onArrival(adapterOf(undefined, inner, 'express'), record('inner'));
    await send(await listen(outer), GET).answer;
    expect(log).toEqual(['outer', 'inner', 'handler']);
  });
});
