import { beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { Session, SessionModule, SessionService } from 'nestjs-sessions';
import { SECRET, startApp, suiteStore } from '../../support/app.js';
import { collectGarbage } from '../../support/garbage.js';
import { rawRequest, rawResponse } from '../../support/routes.js';

/** What somebody keeps, as Nest does with the request of each request-scoped provider until V8 collects the whole heap. */
const kept: object[] = [];
const responses: WeakRef<object>[] = [];
const requests: WeakRef<object>[] = [];
let closed: Promise<void> = Promise.resolve();

function note(request: object, response: object): void {
  requests.push(new WeakRef(rawRequest(request)));
  responses.push(new WeakRef(rawResponse(response)));
  closed = new Promise((resolve) => void rawResponse(response).once('close', resolve));
}

/** Its answer is no object, which a failing test would print. */
function isAlive(made: WeakRef<object>): boolean {
  return made.deref() !== undefined;
}

@Controller()
class KeepingController {
  @Get('request')
  request(@Session() session: Session, @Req() request: object, @Res({ passthrough: true }) response: object): void {
    session.set('seen', true);
    note(request, response);
    kept.push(request);
  }

  @Get('untouched')
  untouched(@Req() request: object, @Res({ passthrough: true }) response: object): void {
    note(request, response);
    kept.push(request);
  }

  @Get('socket')
  socket(@Session() session: Session, @Req() request: object, @Res({ passthrough: true }) response: object): void {
    session.set('seen', true);
    note(request, response);
    kept.push(rawRequest(request).socket);
  }
}

@Controller()
class InjectedController {
  constructor(readonly session: SessionService) {}

  @Get('injected')
  injected(@Req() request: object, @Res({ passthrough: true }) response: object): void {
    this.session.set('seen', true);
    note(request, response);
    kept.push(request);
  }
}

const NAMED = SessionModule.forRoot({
  secretKey: SECRET,
  name: 'other',
  cookieName: 'other',
  isGlobal: false,
  ...suiteStore(),
});

/** Sends one request, whose socket stays open unless `agent` says otherwise, and collects what nobody needs after it. */
async function answerOne(url: string, path: string, agent: Agent): Promise<void> {
  const [answer] = (await once(get(new URL(path, url), { agent }), 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  await text(answer);
  await closed;
  // What has been awaited lives on until the jobs that were waiting are done.
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  collectGarbage();
}

beforeEach(() => {
  for (const list of [kept, responses, requests]) list.length = 0;
});

// Express hangs the response on the request itself.
describe('A response of Fastify', () => {
  it.each([
    ['request', 'of which the request is kept', true, []],
    ['untouched', 'of a request whose session nobody used', true, []],
    ['request', 'whose socket is closed after it', false, []],
    ['request', 'of an application with several sessions', true, [NAMED]],
    ['injected', 'of a request-scoped controller', true, []],
  ])('can be collected once it has been sent: %s, %s', async (path, _what, keepAlive, imports) => {
    const { url } = await startApp('fastify', { imports, controllers: [KeepingController, InjectedController] });
    const agent = new Agent({ keepAlive });
    await answerOne(url, path, agent);
    expect(responses.map(isAlive)).toStrictEqual([false]);
    expect(kept).toHaveLength(1);
    agent.destroy();
  });

  it('and its request can be collected while their socket waits for the next one', async () => {
    const { url } = await startApp('fastify', { controllers: [KeepingController] });
    const agent = new Agent({ keepAlive: true });
    await answerOne(url, 'socket', agent);
    expect([...requests, ...responses].map(isAlive)).toStrictEqual([false, false]);
    agent.destroy();
  });
});
