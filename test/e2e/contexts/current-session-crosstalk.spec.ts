import { expect, it, jest } from '@jest/globals';
import { Body, Controller, Headers, Inject, Injectable, Post } from '@nestjs/common';
import * as fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { SessionManager } from 'nestjs-sessions';
import { newSessionId } from '../../../lib/codec/claims.js';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { claimsOf, forge } from '../../support/tokens.js';

// Some hundred requests each on a busy machine.
jest.setTimeout(120_000);

const seed = Date.now() % 2 ** 31;
process.stdout.write(`current session: fast-check seed ${seed}\n`);

interface Visitor {
  user: string;
  last: string;
}

/** The ways in which code waits. */
const WAITS = {
  i: () => new Promise((resolve) => setImmediate(resolve)),
  n: () => new Promise<void>((resolve) => process.nextTick(resolve)),
  p: () => Promise.resolve(),
  t: () => new Promise((resolve) => setTimeout(resolve, 0)),
} as const;

@Injectable()
class Deep {
  constructor(@Inject(SessionManager) private readonly sessions: SessionManager) {}

  /** Reads and writes the current session. @returns whose it is */
  visit(place: string): string {
    const session = this.sessions.current<Visitor>();
    const user = session.get('user') ?? 'nobody';
    session.set('last', `${user} ${place}`);
    return user;
  }
}

@Controller()
class HoppingController {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  /** Waits in each of these ways. @returns whose session it was after each wait */
  @Post()
  async hop(@Headers('x-hops') hops: string, @Body() body: { text: string }): Promise<string> {
    const users = [this.deep.visit('first')];
    for (const [index, wait] of Array.from(hops).entries()) {
      await WAITS[wait as keyof typeof WAITS]();
      users.push(this.deep.visit(String(index)));
    }
    return `${body.text} ${[...new Set(users)].join()}`;
  }
}

interface Visit {
  readonly user: string;
  readonly hops: string;
}

const visit = fc.record({
  user: fc.constantFrom('ada', 'tom', 'eve', 'bob'),
  hops: fc.string({ unit: fc.constantFrom('i', 'n', 'p', 't'), minLength: 1, maxLength: 8 }),
});

/** The bytes of a request; the server closes the connection after the last one. */
function bytesOf({ user, hops }: Visit, isLast: boolean): string {
  const body = JSON.stringify({ text: `for ${user}` });
  const lines = [
    'POST / HTTP/1.1',
    'Host: 127.0.0.1',
    `Cookie: session=${forge({ user }, { claims: { jti: newSessionId() } })}`,
    `X-Hops: ${hops}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `Connection: ${isLast ? 'close' : 'keep-alive'}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** What came back: the body, and what the cookie holds. */
function replyOf(response: string): readonly [body: string, data: unknown] {
  const token = /^set-cookie: session=([^;]*)/im.exec(response)?.[1] ?? '';
  return [response.slice(response.indexOf('\r\n\r\n') + 4), claimsOf(token).data];
}

/** Sends requests over one connection: all at once, or each after the reply to the one before. */
async function converse(port: number, visits: readonly Visit[], isPipelined: boolean): Promise<unknown[]> {
  const socket = connect(port, '127.0.0.1');
  const requests = visits.map((each, index) => bytesOf(each, index === visits.length - 1));
  const received = text(socket);
  if (isPipelined) socket.write(requests.join(''));
  else {
    for (const [index, bytes] of requests.entries()) {
      socket.write(bytes);
      if (index < requests.length - 1) await once(socket, 'data');
    }
  }
  const replies = (await received).split(/(?=HTTP\/1\.1 )/);
  return replies.map(replyOf);
}

const expected = ({ user, hops }: Visit) => [`for ${user} ${user}`, { user, last: `${user} ${hops.length - 1}` }];

describeOnEachPlatform('The current session never is that of another request', (platform) => {
  it('whatever connections keep alive, pipeline or do at the same time', async () => {
    const session = { currentSession: true };
    const { url } = await startApp(platform, { session, controllers: [HoppingController], providers: [Deep] });
    const port = Number(new URL(url).port);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(visit, { minLength: 1, maxLength: 6 }), fc.boolean()), {
          minLength: 2,
          maxLength: 6,
        }),
        async (connections) => {
          const replies = await Promise.all(
            connections.map(([visits, isPipelined]) => converse(port, visits, isPipelined)),
          );
          expect(replies).toEqual(connections.map(([visits]) => visits.map(expected)));
          count += connections.reduce((sum, [visits]) => sum + visits.length, 0);
        },
      ),
      { seed, numRuns: 40 },
    );
    expect(count).toBeGreaterThan(100);
  });
});
