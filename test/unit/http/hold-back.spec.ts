import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { connect, createServer as createHttp2Server, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { DepartureListener } from '../../../lib/http/hold.js';
import { holdBack } from '../../../lib/http/hold-back.js';
import { hookHeaders } from '../../../lib/http/on-headers.js';

/** What is done before the response may leave, decided by the test. */
class Departure implements DepartureListener {
  failure: unknown;
  readonly errors: unknown[] = [];
  /** How often the listener was asked. */
  count = 0;
  readonly #wait: () => Promise<void> | undefined;

  constructor(wait: () => Promise<void> | undefined) {
    this.#wait = wait;
  }

  onDeparture(): Promise<void> | undefined {
    this.count++;
    return this.#wait();
  }

  onFailure(error: unknown): void {
    this.errors.push(error);
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Serves one request by `handle` and returns what its client has got. */
async function serve(handle: (response: ServerResponse) => unknown): Promise<Answer> {
  const server = createServer((_request, response) => void handle(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      get({ port, host: '127.0.0.1', agent: false }, (response) => {
        const { statusCode: status, headers } = response;
        response
          .setEncoding('utf8')
          .toArray()
          .then((parts) => resolve({ status, headers, text: parts.join('') }), reject);
      }).on('error', reject);
    });
  } finally {
    server.close();
  }
}

/** Other software below the hold that does not let a status pass. */
function refuseStatus(response: ServerResponse, refused: number): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (status === refused) throw new Error('refused');
    return writeHead(status, ...rest);
  };
}

const later = () => new Promise<void>((resolve) => void setImmediate(resolve));
const fails = (reason: unknown) => async (): Promise<void> => {
  throw reason;
};

describe('holdBack', () => {
  it('changes nothing for a response that need not wait', async () => {
    const departure = new Departure(() => undefined);
    const { status, text, headers } = await serve((response) => {
      holdBack(response, departure);
      response.statusCode = 201;
      response.end('text');
    });
    expect([status, text, headers['content-length'], departure.count]).toEqual([201, 'text', '4', 1]);
  });

  it('asks once, however the headers are made', async () => {
    const departure = new Departure(() => undefined);
    await serve((response) => {
      holdBack(response, departure);
      response.writeHead(200);
      response.write('a');
      response.end('b');
    });
    expect(departure.count).toBe(1);
  });

  it('looks as if the response had left while it is held', async () => {
    const seen: unknown[] = [];
    const { text } = await serve(async (response) => {
      holdBack(response, new Departure(later));
      seen.push(response.headersSent, response.writableEnded);
      seen.push(response.write('a'), response.headersSent, response.writableEnded);
      response.end('b');
      seen.push(response.headersSent, response.writableEnded);
      await once(response, 'finish');
      seen.push(response.headersSent, response.writableEnded, Object.hasOwn(response, 'headersSent'));
    });
    expect(text).toBe('ab');
    expect(seen).toEqual([false, false, false, true, false, true, true, true, true, false]);
  });

  it('makes the headers when it is released, in one piece with those that were set meanwhile', async () => {
    const { headers } = await serve((response) => {
      hookHeaders(response, { onHeaders: (all) => all.setHeader('X-Late', 'yes') });
      holdBack(response, new Departure(later));
      response.writeHead(200, { 'X-Own': 'yes' });
      response.end();
    });
    expect([headers['x-own'], headers['x-late']]).toEqual(['yes', 'yes']);
  });

  it('sends the headers as they were when its headers were made, and refuses later ones as Node does', async () => {
    const refused: unknown[] = [];
    const attempt = (change: () => unknown) => {
      try {
        change();
      } catch (error) {
        refused.push((error as { code: unknown }).code);
      }
    };
    const { status, headers } = await serve(async (response) => {
      holdBack(response, new Departure(later));
      response.statusCode = 201;
      response.statusMessage = 'Made';
      response.setHeader('X-Own', 'first');
      response.write('a');
      attempt(() => response.setHeader('X-Own', 'late'));
      attempt(() => response.setHeaders(new Map([['X-Own', 'late']])));
      attempt(() => response.appendHeader('X-Own', 'late'));
      attempt(() => response.removeHeader('X-Own'));
      attempt(() => response.writeHead(500));
      response.statusCode = 500;
      response.statusMessage = 'Late';
      response.end('b');
      await once(response, 'finish');
      refused.push(Object.hasOwn(response, 'setHeader'));
    });
    expect([status, headers['x-own']]).toEqual([201, 'first']);
    expect(refused).toEqual([...Array.from({ length: 5 }, () => 'ERR_HTTP_HEADERS_SENT'), false]);
  });

  it.each<[string, () => object]>([
    ['an object', () => ({ 'X-Own': 'first', 'X-Many': ['first'] })],
    ['a list', () => ['X-Own', 'first', 'X-Many', ['first']]],
    [
      'a list of pairs',
      () => [
        ['X-Own', 'first'],
        ['X-Many', ['first']],
      ],
    ],
  ])(
    'sends those that writeHead was given as they were then: the next response may have the same %s',
    async (_, make) => {
      const { headers } = await serve((response) => {
        const given = make();
        // Over the whole of it, however deep.
        const change = (part: object) => {
          for (const [key, value] of Object.entries(part)) {
            if (typeof value === 'object') change(value as object);
            else if (value === 'first') Reflect.set(part, key, 'late');
          }
        };
        holdBack(response, new Departure(later));
        response.writeHead(200, given as OutgoingHttpHeaders);
        change(given);
        response.end();
      });
      expect([headers['x-own'], headers['x-many']]).toEqual(['first', 'first']);
    },
  );

  it('does so over HTTP/2', async () => {
    const refused: unknown[] = [];
    const server = createHttp2Server((_request, response) => {
      holdBack(response as unknown as ServerResponse, new Departure(later));
      response.statusCode = 201;
      response.setHeader('X-Own', 'first');
      response.write('a');
      try {
        response.setHeader('X-Own', 'late');
      } catch (error) {
        refused.push((error as { code: unknown }).code);
      }
      response.statusCode = 500;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [headers] = (await once(client.request({ ':path': '/' }), 'response')) as [IncomingHttpHeaders];
    client.destroy();
    server.close();
    expect([headers[':status'], headers['x-own'], refused]).toEqual([201, 'first', ['ERR_HTTP_HEADERS_SENT']]);
  });

  it('lets other software set headers when they are made at the release, by a writeHead that it had wrapped', async () => {
    const { status, headers } = await serve((response) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (code: number) => {
        response.removeHeader('X-Own');
        response.setHeader('X-Wrapped', 'yes');
        return writeHead(code);
      };
      // As software does that watches the headers of a response.
      const setHeader = response.setHeader.bind(response);
      response.setHeader = (name, value) => setHeader(name, `${String(value)}!`);
      response.setHeader('X-Own', 'first');
      holdBack(response, new Departure(later));
      response.writeHead(202);
      response.end();
    });
    expect([status, headers['x-own'], headers['x-wrapped']]).toEqual([202, undefined, 'yes!']);
  });

  it("emits 'drain' for a write that was kept", async () => {
    const { text } = await serve(async (response) => {
      holdBack(response, new Departure(later));
      if (!response.write('a')) await once(response, 'drain');
      response.end('b');
    });
    expect(text).toBe('ab');
  });

  it('keeps tens of thousands of writes in a time that grows with their number alone', async () => {
    let spent = 0;
    const { text } = await serve((response) => {
      holdBack(response, new Departure(later));
      const before = process.cpuUsage();
      for (let each = 0; each < 40_000 && !response.writableEnded; each++) response.write('a');
      spent = process.cpuUsage(before).user / 1000;
      response.end();
    });
    expect(text).toHaveLength(40_000);
    // In milliseconds: about 50, and more than 2500 where each write copies the list.
    expect(spent).toBeLessThan(1000);
  });

  it('calls back when the bytes have left', async () => {
    const { text } = await serve(async (response) => {
      holdBack(response, new Departure(later));
      await new Promise<void>((resolve) => void response.write('a', () => resolve()));
      response.end('b');
    });
    expect(text).toBe('ab');
  });

  it('waits for all listeners', async () => {
    const log: string[] = [];
    await serve((response) => {
      holdBack(response);
      for (const name of ['one', 'two']) {
        holdBack(response, new Departure(() => later().then(() => void log.push(name))));
      }
      response.end();
      response.on('finish', () => log.push('sent'));
    });
    expect(log).toEqual(['one', 'two', 'sent']);
  });

  it('holds a response whose method was looked up before', async () => {
    const log: string[] = [];
    await serve((response) => {
      holdBack(response);
      const text = () => {
        holdBack(response, new Departure(() => later().then(() => void log.push('saved'))));
        return 'text';
      };
      response.on('finish', () => log.push('sent'));
      response.end(text());
    });
    expect(log).toEqual(['saved', 'sent']);
  });

  it.each<[what: string, code: string, answer: (response: ServerResponse) => unknown]>([
    ['a value', 'ERR_INVALID_CHAR', (response) => response.writeHead(200, { 'X-Bad': 'a\nb' })],
    ['a list', 'ERR_INVALID_CHAR', (response) => response.writeHead(200, ['X-Bad', 'a\nb'])],
    ['a status', 'ERR_HTTP_INVALID_STATUS_CODE', (response) => response.writeHead(99)],
    ['a reason', 'ERR_INVALID_CHAR', (response) => response.writeHead(200, 'a\nb')],
    [
      'a statusCode',
      'ERR_HTTP_INVALID_STATUS_CODE',
      (response) => {
        response.statusCode = 99;
        response.end();
      },
    ],
    [
      'a statusMessage',
      'ERR_INVALID_CHAR',
      (response) => {
        response.statusMessage = 'a\nb';
        response.end();
      },
    ],
  ])(
    'throws impossible headers at the line that gives them, and the next answer leaves: %s',
    async (_, code, answer) => {
      let thrown: unknown;
      const { status, text } = await serve((response) => {
        let isFirst = true;
        // A rejection that nobody handled would end the process.
        const wait = () => (isFirst ? Promise.reject(new Error('not saved')) : later());
        holdBack(response, new Departure(wait));
        try {
          answer(response);
        } catch (error) {
          thrown = error;
          isFirst = false;
          response.statusMessage = '';
          response.statusCode = 200;
          response.writeHead(500, { 'X-List': ['a', 'b'] }).end('mended');
        }
      });
      expect([thrown, status, text]).toEqual([expect.objectContaining({ code }), 500, 'mended']);
    },
  );

  it.each<[call: string, act: (response: ServerResponse, callback: (error?: unknown) => void) => unknown]>([
    ['write({})', (response) => response.write({})],
    ['write(null)', (response) => response.write(null)],
    ['write()', (response) => response.write(undefined)],
    ['write(data view)', (response) => response.write(new DataView(new ArrayBuffer(1)))],
    ['write(text, unknown encoding)', (response) => response.write('x', 'nonsense' as 'utf8')],
    ['end(42)', (response) => response.end(42)],
    ['end({}, callback)', (response, callback) => response.end({}, callback)],
    ['end(bytes, unknown encoding)', (response) => response.end(new Uint8Array(1), 'nonsense' as 'utf8')],
    ['write(text) after end()', (response, callback) => response.end('x').write('y', callback)],
    ['write({}) after end()', (response) => response.end('x').write({})],
    ['end(text) after end()', (response, callback) => response.end('x').end('y', callback)],
    ['end({}) after end()', (response) => response.end('x').end({})],
  ])('reports an impossible body at the line that gives it, as Node does: %s', async (_, act) => {
    const reportedBy = async (prepare: (response: ServerResponse) => void, first: string[]) => {
      const reports: unknown[] = [];
      const told = (how: string) => (error?: unknown) => void reports.push([how, (error as { code?: unknown })?.code]);
      const sent = new Promise<void>((resolve) => {
        void serve((response) => {
          prepare(response);
          response.on('error', told('event')).on('close', resolve);
          for (const text of first) response.write(text);
          try {
            reports.push(['returned', typeof act(response, told('callback'))]);
          } catch (error) {
            reports.push(['thrown', (error as { code: unknown }).code, String(error)]);
            response.destroy();
          }
        }).catch(() => undefined);
      });
      await sent;
      return reports;
    };
    for (const first of [[], ['first']]) {
      const plain = await reportedBy(() => undefined, first);
      expect(plain.length).toBeGreaterThan(0);
      expect(await reportedBy((response) => holdBack(response, new Departure(later)), first)).toEqual(plain);
    }
  });

  it('is not asked to wait for a body that is impossible, so that another answer can leave', async () => {
    const departure = new Departure(later);
    const { status, text } = await serve((response) => {
      holdBack(response, departure);
      expect(() => response.end(42)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
      expect([departure.count, response.headersSent]).toEqual([0, false]);
      response.writeHead(500).end('mended');
    });
    expect([status, text]).toEqual([500, 'mended']);
  });

  it.each<[what: string, expected: string, answer: (response: ServerResponse) => unknown]>([
    ['a falsy end', 'a', (response) => (response.write('a'), response.end(0))],
    ['only callbacks', 'a', (response) => (response.write('a', () => undefined), response.end(() => undefined))],
    ['an encoding', 'AB', (response) => (response.write('4142', 'hex'), response.end(null, () => undefined))],
    ["the encoding 'buffer'", 'a', (response) => response.end('a', 'buffer' as 'utf8')],
    ['an encoding that is none', 'ab', (response) => (response.write('a', '' as 'utf8'), response.end('b', undefined))],
    ['an end after the end', 'a', (response) => response.end('a').end()],
  ])('takes what Node takes: %s', async (_, expected, answer) => {
    const { text } = await serve((response) => {
      holdBack(response, new Departure(later));
      answer(response);
    });
    expect(text).toBe(expected);
  });

  it('reports an impossible body at its line over HTTP/2, too', async () => {
    const codes: unknown[] = [];
    const server = createHttp2Server((_request, response) => {
      holdBack(response as unknown as ServerResponse, new Departure(later));
      const odd = response as unknown as ServerResponse;
      for (const act of [() => odd.end(0), () => odd.write(null), () => (odd.write('a'), odd.end({}))]) {
        try {
          act();
        } catch (error) {
          codes.push((error as { code: unknown }).code);
        }
      }
      response.end('b');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const parts: unknown[] = await client.request({ ':path': '/' }).setEncoding('utf8').toArray();
    client.destroy();
    server.close();
    expect([codes, parts.join('')]).toEqual([
      ['ERR_INVALID_ARG_TYPE', 'ERR_STREAM_NULL_VALUES', 'ERR_INVALID_ARG_TYPE'],
      'ab',
    ]);
  });

  it('lets other software below decide what a body may be', async () => {
    const { text } = await serve((response) => {
      const end = response.end.bind(response) as (text: string) => ServerResponse;
      response.end = (value: unknown) => end(JSON.stringify(value));
      holdBack(response, new Departure(later));
      response.end({ n: 1 });
    });
    expect(text).toBe('{"n":1}');
  });

  it('answers 500 where the headers turn out to be impossible when it is released', async () => {
    const departure = new Departure(later);
    const { status, text } = await serve((response) => {
      refuseStatus(response, 666);
      holdBack(response, departure);
      response.statusCode = 666;
      response.end('text');
    });
    expect([status, JSON.parse(text)]).toEqual([500, { message: 'Internal Server Error', statusCode: 500 }]);
    expect(departure.errors).toEqual([new Error('refused')]);
  });

  it('sends nothing of a response that could not be saved, but headers for every response', async () => {
    const { status, headers, text } = await serve((response) => {
      response.setHeader('Set-Cookie', 'theirs=1');
      response.setHeader('ETag', '"1"');
      response.setHeader('Refresh', '0; url=/elsewhere');
      response.setHeader('X-Accel-Redirect', '/private/file');
      response.setHeader('X-Sendfile', '/private/file');
      response.setHeader('Content-Encoding', 'gzip');
      response.setHeader('Content-Security-Policy', "default-src 'self'");
      response.setHeader('Access-Control-Allow-Origin', '*');
      holdBack(response, new Departure(fails(Object.assign(new Error('secret'), { status: 503 }))));
      response.end('text');
    });
    const { date, ...rest } = headers;
    expect([status, typeof date, JSON.parse(text)]).toEqual([
      503,
      'string',
      { message: 'Service Unavailable', statusCode: 503 },
    ]);
    expect(rest).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      connection: 'close',
      'content-length': '50',
      'content-security-policy': "default-src 'self'",
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it.each<[string, () => Promise<void>, number, (response: ServerResponse) => unknown]>([
    ['could not be saved', fails({ status: 503 }), 503, (response) => response.end('text')],
    ['could not be saved after headers', fails({ status: 503 }), 503, (response) => response.writeHead(201).end()],
    ['turns out to be impossible', later, 500, (response) => response.writeHead(666).end()],
  ])('lets listeners add to the headers of the answer in the place of one that %s', async (_, wait, code, answer) => {
    let sent = 0;
    const { status, headers } = await serve((response) => {
      refuseStatus(response, 666);
      holdBack(response);
      hookHeaders(response, { onHeaders: (all) => all.setHeader('Set-Cookie', 'added=1'), onSent: () => void sent++ });
      holdBack(response, new Departure(wait));
      response.statusMessage = 'Made';
      answer(response);
    });
    expect([status, headers['set-cookie'], headers['cache-control']]).toEqual([code, ['added=1'], 'no-store']);
    expect(sent).toBeGreaterThan(0);
  });

  it('lets them do so over HTTP/2', async () => {
    const server = createHttp2Server((_request, response) => {
      const target = response as unknown as ServerResponse;
      holdBack(target, new Departure(fails({ status: 503 })));
      hookHeaders(target, { onHeaders: (all) => all.setHeader('Set-Cookie', 'added=1') });
      response.end('text');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [headers] = (await once(client.request({ ':path': '/' }), 'response')) as [IncomingHttpHeaders];
    client.destroy();
    server.close();
    expect([headers[':status'], headers['set-cookie']]).toEqual([503, ['added=1']]);
  });

  it('answers 500 for an error without a status, and for no error at all', async () => {
    for (const error of [new Error('secret'), undefined]) {
      const { status } = await serve((response) => {
        holdBack(response, new Departure(fails(error)));
        response.end('text');
      });
      expect(status).toBe(500);
    }
  });

  it('takes what follows a failure, and reports it to callbacks', async () => {
    const error = Object.assign(new Error('gone'), { status: 503 });
    const results: unknown[] = [];
    const { status } = await serve(async (response) => {
      holdBack(response, new Departure(fails(error)));
      response.write('a', (reason) => results.push(reason));
      await once(response, 'finish');
      results.push(response.write('b'), response.end('c') === response, response.writeHead(200) === response);
      response.flushHeaders();
      await new Promise<void>((resolve) => void response.end(() => resolve()));
    });
    expect(status).toBe(503);
    expect(results).toEqual([error, false, true, true]);
  });

  it('takes what follows the end of an answer that reports a failure, and reports it to callbacks', async () => {
    const departure = new Departure(() => undefined);
    const failure = new Error('gone');
    const results: unknown[] = [];
    const { text } = await serve(async (response) => {
      holdBack(response, departure);
      departure.failure = failure;
      response.end('reported');
      results.push(response.write('b', (reason) => results.push(reason)));
      response.end((reason?: unknown) => results.push(reason));
      await once(response, 'close');
    });
    expect([text, results]).toEqual(['reported', [false, failure, failure]]);
  });

  it('shows that its headers are made where express-session and older releases of compression look', async () => {
    const seen: unknown[] = [];
    const { status, text } = await serve(async (response) => {
      const look = () => seen.push(Boolean(Reflect.get(response, '_header')));
      holdBack(response, new Departure(later));
      look();
      response.writeHead(201);
      look();
      response.end('text');
      await once(response, 'finish');
      seen.push(String(Reflect.get(response, '_header')).slice(0, 12));
    });
    expect([status, text, seen]).toEqual([201, 'text', [false, true, 'HTTP/1.1 201']]);
  });

  it('keeps what other software has set on the response, before and after', async () => {
    const log: string[] = [];
    const wrap = (response: ServerResponse, name: string) => {
      const end = response.end.bind(response) as (text: string) => ServerResponse;
      response.end = ((text: string) => {
        log.push(name);
        return end(text);
      }) as ServerResponse['end'];
    };
    const { text } = await serve((response) => {
      wrap(response, 'inner');
      holdBack(response, new Departure(() => later().then(() => void log.push('saved'))));
      wrap(response, 'outer');
      response.end('text');
    });
    expect([text, log]).toEqual(['text', ['outer', 'saved', 'inner']]);
  });

  it('works where its functions were copied to an object without a hold', async () => {
    const { text } = await serve((response) => {
      holdBack(response, new Departure(later));
      const copy = Object.create(Object.getPrototypeOf(response) as object) as ServerResponse;
      const end = Reflect.get(response, 'end') as (text: string) => unknown;
      expect(() => Reflect.apply(end, copy, ['x'])).toThrow();
      response.end('text');
    });
    expect(text).toBe('text');
  });
});
