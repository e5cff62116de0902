// One application in a process of its own, which answers over sockets, sends itself requests, and is asked by IPC what it
// has spent.
import 'reflect-metadata';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_AGE } from '../codec/contender.js';
import { cookieHeaderOf, cookiesOf } from './cookies.js';
import { Exchange } from './exchange.js';
import { create } from './platform.js';
import { profile } from './profile.js';
import type { FromServer, Order, Question } from './protocol.js';
import type { Page } from './variant.js';
import { variantOf } from './variants.js';

const { variant: name, setting, cookie: kind } = JSON.parse(process.argv[2] ?? '') as Order;
const variant = variantOf(name);
const app = await create(setting.platform, variant.module(setting));
await variant.prepare?.(app, setting);
await app.listen(0, '127.0.0.1');
const server = app.getHttpServer() as { listeners(event: 'request'): RequestListener[]; address(): AddressInfo };
const [listener] = server.listeners('request');
if (listener === undefined) throw new Error(`${name} does not listen.`);

// Over a real socket, as a browser does: some applications set headers where the response object does not show them.
const { port } = server.address();
const clock = Date.now;
if (kind === 'expired') Date.now = () => clock() - 2 * MAX_AGE * 1000;
const login = await fetch(`http://127.0.0.1:${port}/login`);
const cookies = cookiesOf(login.headers.getSetCookie());
const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie: cookies } });
const { hello } = (await page.json()) as Page;
if (hello !== setting.visitor.name) throw new Error(`${name} does not give back its session.`);
Date.now = clock;
const cookie = cookieHeaderOf(cookies, kind);
const exchange = new Exchange(listener, { host: '127.0.0.1', cookie });

const send = (message: FromServer) => process.send?.(message);

async function valueOf(question: Exclude<Question, { profileOf: number }>): Promise<number> {
  if (question === 'heap') return heapAfterCollection();
  if (typeof question === 'object' && 'bytesOf' in question) {
    const before = process.memoryUsage().heapUsed;
    await exchange.times(question.bytesOf);
    return process.memoryUsage().heapUsed - before;
  }
  const before = process.cpuUsage();
  if (question !== 'cpu') await exchange.times(question.times);
  const { user, system } = question === 'cpu' ? before : process.cpuUsage(before);
  return user + system;
}

function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function answer(question: Question): Promise<FromServer> {
  if (typeof question !== 'object' || !('profileOf' in question)) return { value: await valueOf(question) };
  return { profile: await profile(() => exchange.times(question.profileOf)) };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (question: Question) => {
  void answer(question).then(send);
});
send({ port, cookie });
