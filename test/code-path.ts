// Prints how many files and functions of the package one real request runs through, by V8's own count:
// node --import ./test/support/ts-loader.mjs test/code-path.ts            the figures
// node --import ./test/support/ts-loader.mjs test/code-path.ts --names    and the names behind them
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type Profiler, Session as Inspector } from 'node:inspector/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Session, SessionModule } from 'nestjs-sessions';

const PACKAGE = new URL('../lib/', import.meta.url).href;
/** Enough for everything that is done once: at start, at the first request, or for the first time by a connection. */
const WARM_UP = 20;

type Visitor = { visits: number };

@Controller()
class VisitsController {
  @Get('read')
  read(@Session() session: Session<Visitor>): string {
    return `${session.get('visits')}`;
  }

  @Get('write')
  write(@Session() session: Session<Visitor>): string {
    session.set('visits', Date.now());
    return 'written';
  }
}

@Module({
  imports: [SessionModule.forRoot('a secret of thirty-two bytes: ok')],
  controllers: [VisitsController],
})
class AppModule {}

const inspector = new Inspector();
inspector.connect();
await inspector.post('Profiler.enable');
await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

for (const platform of ['express', 'fastify']) {
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const cookie = await request(`${url}/write`);
  print(`${platform}: a read`, await callsOf(`${url}/read`, cookie));
  print(`${platform}: a write`, await callsOf(`${url}/write`, cookie));
  print(`${platform}: a first write, without a cookie`, await callsOf(`${url}/write`));
  await app.close();
}
inspector.disconnect();

/** The functions of the package that one request runs through, by file. */
async function callsOf(url: string, cookie?: string): Promise<Map<string, string[]>> {
  for (let i = 0; i < WARM_UP; i++) await request(url, cookie);
  await callsSinceLast();
  const sent = await request(url, cookie);
  // Whatever is done when the response has ended belongs to the request.
  await nextTurn();
  const calls = await callsSinceLast();
  if ((sent !== undefined) !== url.endsWith('/write')) throw new Error(`Cannot count: ${url} sent ${sent}.`);
  return calls;
}

/** Sends a request, and gives the cookie that the response sets. */
async function request(url: string, cookie?: string): Promise<string | undefined> {
  const response = await fetch(url, cookie === undefined ? {} : { headers: { cookie } });
  if (!response.ok) throw new Error(`Cannot count: ${url} answered ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
  return response.headers.getSetCookie()[0]?.split(';')[0];
}

/** The functions that were called since this was asked last, by file. */
async function callsSinceLast(): Promise<Map<string, string[]>> {
  const { result } = await inspector.post('Profiler.takePreciseCoverage');
  const ours = result.filter(({ url }) => url.startsWith(PACKAGE));
  const called = ours.map((script) => [script.url.slice(PACKAGE.length), namesOf(script)] as const);
  return new Map(called.filter(([, names]) => names.length > 0));
}

/** Functions with a name: V8 counts a module's own code as one without, and a callback inside another function has none. */
function namesOf({ functions }: Profiler.ScriptCoverage): string[] {
  return functions
    .filter(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0)
    .map(({ functionName }) => functionName);
}

function print(title: string, calls: ReadonlyMap<string, readonly string[]>): void {
  const functions = [...calls.values()].flat();
  process.stdout.write(`${title}: ${calls.size} files, ${functions.length} functions\n`);
  if (!process.argv.includes('--names')) return;
  for (const [file, names] of calls) process.stdout.write(`  ${file}: ${names.join(', ')}\n`);
}
