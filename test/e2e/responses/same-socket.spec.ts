import { beforeEach, expect, it } from '@jest/globals';
import { type CanActivate, Controller, Get, Injectable, UseGuards } from '@nestjs/common';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp, type TestApp } from '../../support/app.js';
import { claimsOf, forge, idOf } from '../../support/tokens.js';

/** The sessions of requests, in the order in which they came. */
const sessions: SessionService[] = [];
/** Requests that come together are answered once so many have come. */
let expected = 0;
let release: () => void = () => undefined;
let released: Promise<void> = Promise.resolve();

async function seeTogether(session: SessionService): Promise<void> {
  sessions.push(session);
  if (sessions.length === expected) release();
  await released;
  session.set('seen', session.get('user'));
}

/** No interceptor runs, so that nothing but the request tells which response it is. */
@Injectable()
class RefusingGuard implements CanActivate {
  constructor(readonly session: SessionService) {}

  async canActivate(): Promise<boolean> {
    await seeTogether(this.session);
    return false;
  }
}

@Controller()
class InjectedController {
  constructor(readonly session: SessionService) {}

  @Get('answered')
  async answered(): Promise<void> {
    await seeTogether(this.session);
  }

  @Get('refused')
  @UseGuards(RefusingGuard)
  refused(): void {
    throw new Error('The guard does not refuse.');
  }

  @Get('untouched')
  untouched(): void {
    sessions.push(this.session);
  }

  @Get('touched')
  touched(): void {
    sessions.push(this.session);
    this.session.set('seen', true);
  }
}

const tokenOf = (user: string) => forge({ user }, { claims: { jti: idOf(user) } });

/** Sends a request for each user over one socket, without waiting for answers. @returns what the sessions hold then */
async function together({ url }: TestApp, path: string, users: readonly string[]): Promise<unknown[]> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  const requests = users.map((user, index) => {
    const connection = index === users.length - 1 ? 'close' : 'keep-alive';
    return `GET /${path} HTTP/1.1\r\nHost: a\r\nCookie: session=${tokenOf(user)}\r\nConnection: ${connection}\r\n\r\n`;
  });
  socket.write(requests.join(''));
  const answers = (await text(socket)).split(/(?=HTTP\/1\.1 )/);
  return answers.map((answer) => claimsOf(/^set-cookie: session=([^;]*)/im.exec(answer)?.[1] ?? '').data);
}

/** Sends a request for each user over one socket, one after another. */
async function oneByOne({ url }: TestApp, path: string, users: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const user of users) {
    const sent = get(new URL(path, url), { agent, headers: { cookie: `session=${tokenOf(user)}` } });
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    await text(answer);
    expect(sent.reusedSocket).toBe(user !== users[0]);
  }
  agent.destroy();
}

beforeEach(() => {
  sessions.length = 0;
});

describeOnEachPlatform('requests over one socket', (platform) => {
  it.each(['answered', 'refused'])('have each their own session while several are in flight: %s', async (path) => {
    const app = await startApp(platform, { controllers: [InjectedController] });
    const users = ['ada', 'mike', 'zoe', 'bob'];
    expected = users.length;
    released = new Promise((resolve) => (release = resolve));
    expect(await together(app, path, users)).toStrictEqual(users.map((user) => ({ user, seen: user })));
  });

  it.each(['untouched', 'touched'])('know that the first is answered when the second has come: %s', async (path) => {
    const app = await startApp(platform, { controllers: [InjectedController] });
    await oneByOne(app, path, ['ada', 'mike']);
    const [first, second] = sessions;
    expect(() => first?.set('user', 'zoe')).toThrow(expect.objectContaining({ code: 'ERR_SESSION_HEADERS_SENT' }));
    expect([first?.get('user'), second?.get('user')]).toStrictEqual(['ada', 'mike']);
  });
});
