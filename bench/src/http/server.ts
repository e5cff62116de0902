// One application in a process of its own, which answers over sockets, sends itself requests, and is asked by IPC what it
// has spent.
import 'reflect-metadata';
import { maxHeaderSize, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_AGE } from '../codec/contender.js';
import { check } from './check.js';
import { cookieHeaderOf, cookiesOf, hasSession } from './cookies.js';
import { Exchange } from './exchange.js';
import { Gate } from './gate.js';
import { create } from './platform.js';
import { profile } from './profile.js';
import type { FromServer, NumericQuestion, Order, Question } from './protocol.js';
import { isWritten } from './variant.js';
import { variantOf } from './variants.js';

const { variant: name, setting, cookie: kind } = JSON.parse(process.argv[2] ?? '') as Order;
const variant = variantOf(name);
const app = await create(setting.platform, variant.module(setting));
await variant.prepare?.(app, setting);
await app.listen(0, '127.0.0.1');
const server = app.getHttpServer() as Server;
const [listener] = server.listeners('request') as RequestListener[];
if (listener === undefined) throw new Error(`${name} does not listen.`);

// Over a real socket, as a browser does: some applications set headers where the response object does not show them.
const { port } = server.address() as AddressInfo;
const ask = (path: string, sent = '') => fetch(`http://127.0.0.1:${port}/${path}`, { headers: { cookie: sent } });
const clock = Date.now;
if (kind === 'expired') Date.now = () => clock() - 2 * MAX_AGE * 1000;
const login = await ask('login');
const cookies = cookiesOf(login.headers.getSetCookie());
const [cookieName = ''] = cookies.split('=', 1);
const hello = setting.visitor.name;
await check(name, cookieName, await ask('', cookies), { hello, isSent: isWritten(variant) });
Date.now = clock;
const cookie = cookieHeaderOf(cookies, setting, kind);
// Node refuses longer headers; that in one process all goes well is seen with each slice.
if (cookie.length < maxHeaderSize) {
  // What an older secret has sealed is issued anew, whatever the handler does.
  const isSent = isWritten(variant) || kind === 'sealed with the oldest';
  await check(name, cookieName, await ask('', cookie), { hello: hasSession(kind) ? hello : '', isSent });
}
const exchange = new Exchange(listener, { host: '127.0.0.1', cookie });

const gate = new Gate(listener);
server.off('request', listener).on('request', (request, response) => gate.pass(request, response));

const send = (message: FromServer) => process.send?.(message);

async function valueOf(question: NumericQuestion): Promise<number> {
  if (question === 'heap') return heapAfterCollection();
  if ('hold' in question) {
    gate.close(question.hold);
    return question.hold;
  }
  if ('bytesOf' in question) {
    const before = process.memoryUsage().heapUsed;
    await exchange.times(question.bytesOf);
    return process.memoryUsage().heapUsed - before;
  }
  const before = cpuTime();
  await exchange.times(question.times);
  return cpuTime() - before;
}

/** In microseconds, so far. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function answer(question: Question): Promise<FromServer> {
  if (question === 'served') return { served: { cpu: cpuTime(), requests: gate.requests } };
  if (question === 'heap' || !('profileOf' in question)) return { value: await valueOf(question) };
  return { profile: await profile(() => exchange.times(question.profileOf)) };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (question: Question) => {
  void answer(question).then(send);
});
send({ port, cookie });
