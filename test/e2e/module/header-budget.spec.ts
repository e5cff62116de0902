import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type INestApplication, Module, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { Session, SessionModule } from 'nestjs-sessions';
import { SESSION_SETTINGS, type SessionSettings } from '../../../lib/options/session.settings.js';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { SessionFilter } from '../../support/session-filter.js';

@Controller()
class TwoController {
  @Get('read')
  read(@Session() a: Session, @Session({ name: 'b' }) b: Session): string {
    return `${String(a.get('text') ?? '').length} ${String(b.get('text') ?? '').length}`;
  }

  @Get('a')
  a(@Session() session: Session, @Query('n') length: string): void {
    session.set('text', 'x'.repeat(Number(length)));
  }

  @Get('b')
  b(@Session({ name: 'b' }) session: Session, @Query('n') length: string): void {
    session.set('text', 'x'.repeat(Number(length)));
  }
}

const two = (cookieCount: number) => [
  SessionModule.forRoot({ secretKey: SECRET, cookieCount }),
  SessionModule.forRoot({ secretKey: SECRET, name: 'b', cookieName: 'b', cookieCount }),
];

/** The longest text that a route takes, of those that are a hundred characters apart. */
async function longest(get: (path: string) => Promise<{ readonly status: number }>, route: string): Promise<number> {
  for (let length = 48_000; length > 0; length -= 100) {
    if ((await get(`/${route}?n=${length}`)).status === 200) return length;
  }
  return 0;
}

describeOnEachPlatform('Several sessions', (platform) => {
  it('never have more cookies than the server reads in one request', async () => {
    const filter = new SessionFilter();
    const configure = (app: INestApplication) => app.useGlobalFilters(filter);
    const app = await startApp(platform, { session: false, imports: two(3), controllers: [TwoController], configure });
    const client = app.client();
    const lengths = [await longest((path) => client.get(path), 'a'), await longest((path) => client.get(path), 'b')];
    expect((await client.get('/read')).text).toBe(lengths.join(' '));
    expect(Math.min(...lengths)).toBeGreaterThan(4000);
    expect(filter.seen.at(-1)?.[1]).toMatch(
      /^Cannot save the session: its cookies would have \d+ bytes, and 6144 are possible with cookieCount 3: 4096 each, and those of all sessions within what the server reads of a request's headers\. /,
    );
  });
});

describe('What a server reads of headers', () => {
  const running: INestApplication[] = [];
  afterEach(() => Promise.all(running.splice(0).map((app) => app.close())));

  @Module({ imports: two(16), controllers: [TwoController] })
  class AppModule {}

  const start = async (app: INestApplication): Promise<(path: string, cookie?: string) => Promise<Answer>> => {
    running.push(app);
    app.useGlobalFilters(new SessionFilter());
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return (path, cookie) => ask(port, path, cookie);
  };

  it.each([
    ['less than by default', 8192, 2048],
    ['more than by default', 65_536, 30_720],
  ])('is respected: maxHeaderSize of Fastify, %s', async (_, maxHeaderSize, size) => {
    const adapter = new FastifyAdapter({ http: { maxHeaderSize } });
    const get = await start(await NestFactory.create(AppModule, adapter, { logger: false }));
    const length = await longest(get, 'a');
    const { cookies } = await get(`/a?n=${length}`);
    expect(cookies.join('').length).toBeLessThanOrEqual(size);
    expect(cookies.join('').length).toBeGreaterThan(size - 300);
    expect((await get('/read', cookies.map((line) => line.split(';', 1)[0]).join('; '))).text).toBe(`${length} 0`);
  });

  it('is respected: maxHeaderSize of a server that Express is given', async () => {
    // Nest's type lacks it; Node's server takes it.
    const httpsOptions: object = { maxHeaderSize: 8192 };
    const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false, httpsOptions });
    running.push(app);
    await app.init();
    const { limits } = app.get<SessionSettings>(SESSION_SETTINGS, { strict: false });
    expect(limits.size).toBe(2048);
  });

  it('is respected: --max-http-header-size of Node', async () => {
    const program =
      "import('./lib/options/header-budget.ts').then(({ SharedLimits }) => console.log(new SharedLimits(16).size));";
    const args = ['--import', './test/support/ts-loader.mjs', '--max-http-header-size=32768', '-e', program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout.trim()).toBe(String(32_768 - 4096));
  });
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookies: readonly string[];
}

function ask(port: number, path: string, cookie?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = cookie === undefined ? {} : { cookie };
    request({ port, host: '127.0.0.1', path, headers, agent: false, maxHeaderSize: 131_072 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, cookies: response.headers['set-cookie'] ?? [] }),
      );
    })
      .on('error', reject)
      .end();
  });
}
