import { beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import express from 'express';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAfterTest, type Platform, PLATFORMS } from '../../support/app.js';
import { Client, type Reply } from '../../support/client.js';
import { passTenth, stopClock } from '../../support/clock.js';
import { claimsOf } from '../../support/tokens.js';
import { type CookieName, counting, createCountingApp, listenerOf, reading, under } from './support/mounting.js';
import type { Middleware } from './support/neighbours.js';

async function listen(app: INestApplication): Promise<Client> {
  await app.listen(0, '127.0.0.1');
  return new Client(`http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
}

async function serve(listener: RequestListener): Promise<Client> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closeAfterTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** The data of each session cookie that was sent; a cookie that was sent twice is there twice. */
function sent(reply: Reply): Record<string, unknown> {
  const lines = reply.setCookie.filter((line) => !line.startsWith('theirs='));
  const entries = lines.map((line) => {
    const [name = ''] = line.split('=', 1);
    return [name, claimsOf(line.split(';', 1)[0] ?? '', name).data] as const;
  });
  expect(new Set(entries.map(([name]) => name)).size).toBe(entries.length);
  return Object.fromEntries(entries);
}

/** Asks when each session that changes is due for a cookie. */
function ask(client: Client, path: string): Promise<Reply> {
  passTenth();
  return client.get(path);
}

beforeEach(stopClock);

const PAIRS = PLATFORMS.flatMap((outer) => PLATFORMS.map((inner) => [outer, inner] as const));

/** How one application comes into another. Express mounts by `use(path, app)`; everything takes a middleware. */
const WAYS = [
  ['by use() with a path', (outer: INestApplication, listener: RequestListener) => outer.use('/inner', listener)],
  [
    'by a middleware that calls it',
    (outer: INestApplication, listener: RequestListener) => outer.use(under('inner', listener)),
  ],
] as const;

describe.each(PAIRS)('On %s, an application on %s', (outerPlatform: Platform, innerPlatform: Platform) => {
  describe.each(WAYS)('that is mounted %s', (_, mount) => {
    /** @param before what the outer application does with its session before the inner one answers */
    const start = async (before?: (app: INestApplication) => Middleware) => {
      const outer = await createCountingApp(outerPlatform, 'outer');
      const inner = await createCountingApp(innerPlatform, 'inner');
      if (before !== undefined) outer.use(before(outer));
      mount(outer, await listenerOf(inner));
      return listen(outer);
    };

    it('has its session, and the outer one its own', async () => {
      const client = await start();
      const inner = await client.get('/inner/count');
      expect([inner.status, inner.text, sent(inner)]).toEqual([200, 'inner: 1', { inner: { n: 1 } }]);
      const outer = await client.get('/count');
      expect([outer.status, outer.text, sent(outer)]).toEqual([200, 'outer: 1', { outer: { n: 1 } }]);
      expect((await client.get('/inner/count')).text).toBe('inner: 2');
      expect((await client.get('/count')).text).toBe('outer: 2');
      const read = await client.get('/inner/read');
      expect([read.text, read.setCookie, read.headers.vary]).toEqual(['inner: 2', [], 'Cookie']);
    });

    it('answers where it uses no session', async () => {
      const reply = await (await start()).get('/inner/untouched');
      expect([reply.status, reply.text, reply.setCookie, reply.headers.vary]).toEqual([200, 'inner', [], undefined]);
    });

    it('answers where the outer one has read its session before', async () => {
      const client = await start(reading);
      for (const [path, text, cookies] of [
        ['untouched', 'inner', {}],
        ['read', 'inner: 0', {}],
        ['count', 'inner: 1', { inner: { n: 1 } }],
        ['raw', 'inner', { inner: { n: 2 } }],
      ] as const) {
        const reply = await ask(client, `/inner/${path}`);
        expect([path, reply.status, reply.text, sent(reply)]).toEqual([path, 200, text, cookies]);
        expect(reply.headers.vary).toBe('Cookie');
      }
    });

    it('sends the cookie of the outer one, which was written before, beside its own', async () => {
      const client = await start(counting);
      let seen = 0;
      for (const [path, status, text, cookies] of [
        ['untouched', 200, 'inner', {}],
        ['read', 200, 'inner: 0', {}],
        ['count', 200, 'inner: 1', { inner: { n: 1 } }],
        ['raw', 200, 'inner', { inner: { n: 2 } }],
        ['fails', 500, '{"statusCode":500,"message":"Internal server error"}', { inner: { n: 3 } }],
      ] as const) {
        const reply = await ask(client, `/inner/${path}`);
        const expected = { outer: { seen: ++seen }, ...cookies };
        expect([path, reply.status, reply.text, sent(reply)]).toEqual([path, status, text, expected]);
        expect(reply.headers.vary).toBe('Cookie');
        expect(reply.setCookie.filter((line) => line === 'theirs=1')).toHaveLength(path === 'raw' ? 1 : 0);
      }
      const missing = await ask(client, '/inner/nowhere');
      expect([missing.status, sent(missing)]).toEqual([404, { outer: { seen: ++seen } }]);
    });
  });
});

describe.each(PLATFORMS)('Three applications in each other (%s)', (platform) => {
  it('have a session each, and send all of their cookies', async () => {
    const names: readonly CookieName[] = ['outer', 'middle', 'inner'];
    const apps = await Promise.all(names.map((name) => createCountingApp(platform, name)));
    for (const app of apps) app.use(counting(app));
    const [outer, middle, inner] = apps as [INestApplication, INestApplication, INestApplication];
    middle.use('/inner', await listenerOf(inner));
    outer.use('/middle', await listenerOf(middle));
    const client = await listen(outer);

    const deep = await ask(client, '/middle/inner/count');
    expect([deep.status, deep.text, sent(deep)]).toEqual([
      200,
      'inner: 1',
      { outer: { seen: 1 }, middle: { seen: 1 }, inner: { seen: 1, n: 1 } },
    ]);
    expect(deep.headers.vary).toBe('Cookie');
    const half = await ask(client, '/middle/count');
    expect([half.text, sent(half)]).toEqual(['middle: 1', { outer: { seen: 2 }, middle: { seen: 2, n: 1 } }]);
    const none = await ask(client, '/count');
    expect([none.text, sent(none)]).toEqual(['outer: 1', { outer: { seen: 3, n: 1 } }]);
  });
});

describe.each(PLATFORMS)('An application on %s, in an application of Express without Nest', (platform) => {
  it.each([
    ['by use()', (outer: express.Express, listener: RequestListener) => void outer.use('/inner', listener)],
    [
      'by a router',
      (outer: express.Express, listener: RequestListener) => void outer.use(express.Router().use('/inner', listener)),
    ],
    ['as a function', (outer: express.Express, listener: RequestListener) => void outer.use(under('inner', listener))],
  ])('has its session (%s)', async (_, mount) => {
    const inner = await createCountingApp(platform, 'inner');
    const outer = express();
    mount(outer, await listenerOf(inner));
    outer.get('/plain', (_request, response) => void response.send('plain'));
    const client = await serve(outer);
    for (const [path, text, cookies] of [
      ['/inner/untouched', 'inner', {}],
      ['/inner/count', 'inner: 1', { inner: { n: 1 } }],
      ['/inner/raw', 'inner', { inner: { n: 2 } }],
      ['/inner/read', 'inner: 2', {}],
      ['/plain', 'plain', {}],
    ] as const) {
      const reply = await ask(client, path);
      expect([path, reply.status, reply.text, sent(reply)]).toEqual([path, 200, text, cookies]);
    }
  });

  it('has its session where the outer application opens it before', async () => {
    const inner = await createCountingApp(platform, 'inner');
    const outer = express();
    outer.use(counting(inner));
    outer.use('/inner', await listenerOf(inner));
    outer.get('/plain', (_request, response) => void response.send('plain'));
    const client = await serve(outer);
    expect(sent(await ask(client, '/inner/count'))).toEqual({ inner: { seen: 1, n: 1 } });
    const plain = await ask(client, '/plain');
    expect([plain.text, sent(plain), plain.headers.vary]).toEqual(['plain', { inner: { seen: 2, n: 1 } }, 'Cookie']);
  });

  it('has its session where a server of Node calls it', async () => {
    const inner = await createCountingApp(platform, 'inner');
    const listener = await listenerOf(inner);
    const open = counting(inner);
    const client = await serve((request, response) => open(request, response, () => listener(request, response)));
    expect(sent(await ask(client, '/count'))).toEqual({ inner: { seen: 1, n: 1 } });
  });
});
