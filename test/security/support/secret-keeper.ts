// A program of its own: answers some requests, and writes down what its memory holds afterwards. It never looks for the
// secret itself: the text would then be in its memory for that reason alone.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { writeHeapSnapshot } from 'node:v8';
import { Session, SessionModule } from 'nestjs-sessions';
import { starlette } from '../../../lib/interop/index.js';

const [folder = '', mode] = process.argv.slice(2);

@Controller()
class Visits {
  @Get()
  visit(@Session() session: Session<{ visits: number; word: string }>): string {
    session.set('visits', (session.get('visits') ?? 0) + 1);
    session.set('word', ['plain', 'text', 'word'].join('-'));
    return 'ok';
  }
}

/** Read in a function, so that nothing here keeps the text: only the environment has it, outside of V8's heap. */
function sessions() {
  const secretKey = process.env.SESSION_SECRET ?? '';
  const accept = [starlette({ secretKey: process.env.FOREIGN_SECRET ?? '', cookieName: 'foreign' })];
  return SessionModule.forRoot({ secretKey, encrypt: mode === 'encrypted', accept, rememberVerified: false });
}

@Module({ imports: [sessions()], controllers: [Visits] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
const { port } = app.getHttpServer().address() as AddressInfo;
const get = (cookie: string) => fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } });
const [sent = ''] = (await get('')).headers.getSetCookie();
const cookie = sent.split(';', 1)[0] ?? '';
const forged = `${cookie.slice(0, -3)}${cookie.at(-3) === 'A' ? 'B' : 'A'}${cookie.slice(-2)}`;
for (const each of [cookie, forged, 'foreign=e30=.aW5n.c2lnbmF0dXJl', cookie, forged]) await get(each);

writeFileSync(`${folder}/pool`, Buffer.from(Buffer.from('x').buffer));
writeFileSync(`${folder}/forged`, forged);
const everything = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity };
writeFileSync(`${folder}/inspected`, inspect(app, everything));
globalThis.gc?.();
writeHeapSnapshot(`${folder}/heap`);
await app.close();
