import { beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Param, Res, Sse, StreamableFile } from '@nestjs/common';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import onHeaders from 'on-headers';
import { concat, defer, type Observable, of, timer } from 'rxjs';
import { map } from 'rxjs/operators';
import { Session, SessionError, type SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { rawResponse } from '../../support/routes.js';
import { sentClaims, signIn } from '../../support/tokens.js';

/** What a session may be asked to do, and how the message says it. */
const CHANGES: Readonly<Record<string, readonly [what: string, change: (session: SessionService) => void]>> = {
  set: ['set a value of', (session) => session.set('user', 'mike')],
  delete: ['delete a value of', (session) => session.delete('user')],
  pop: ['pop a value of', (session) => session.pop('user')],
  update: ['update', (session) => session.update({ user: 'mike' })],
  clear: ['clear', (session) => session.clear()],
  maxAge: ['set the maxAge of', (session) => (session.maxAge = 60)],
  regenerate: ['regenerate', (session) => session.regenerate()],
  destroy: ['destroy', (session) => session.destroy()],
  rollback: ['roll back', (session) => session.rollback()],
  touch: ['touch', (session) => session.touch()],
};

const late: unknown[] = [];

let given: SessionService | undefined;
let answer: ServerResponse;
/** When the response has finished, and its listeners have run. */
let settled: Promise<unknown>;
let during: readonly number[];

/** Keeps the session for after the response, and counts listeners just after the headers have left. */
function keep(session: SessionService, reply: object): string {
  given = session;
  answer = rawResponse(reply);
  settled = once(answer, 'close').then(() => new Promise(setImmediate));
  onHeaders(answer, () => queueMicrotask(() => (during = listenersOf(answer))));
  return 'kept';
}

const listenersOf = (emitter: ServerResponse) => ['finish', 'close'].map((name) => emitter.listenerCount(name));

/** A file that changes the data between its two parts, when the headers have left. */
function changing(data: () => Record<string, unknown>): StreamableFile {
  const parts = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('first, ');
    await new Promise(setImmediate);
    while (!answer.headersSent) await new Promise(setImmediate);
    data()['late'] = 1;
    (data()['list'] as unknown[]).push(1);
    yield Buffer.from('second');
  };
  return new StreamableFile(Readable.from(parts(), { objectMode: false }));
}

function tryLate(session: SessionService, name: string): void {
  try {
    CHANGES[name]?.[1](session);
    late.push('accepted');
  } catch (error) {
    late.push(error instanceof SessionError ? [error.code, error.message] : error);
  }
}

@Controller()
class LateController {
  @Get('late/:name')
  late(@Session() session: Session, @Param('name') name: string, @Res() response: object): void {
    session.set('seen', true);
    rawResponse(response).end('answered');
    tryLate(session, name);
    late.push(session.get('user'));
  }

  @Get('first/:name')
  first(@Session() session: Session, @Param('name') name: string, @Res() response: object): void {
    rawResponse(response).end('answered');
    tryLate(session, name);
  }

  @Get('listener/:name')
  listener(@Session() session: Session, @Param('name') name: string, @Res() response: object): void {
    // Listeners run in reverse order: this one after that of the session, which the next line arms.
    onHeaders(rawResponse(response), () => tryLate(session, name));
    session.set('seen', true);
    rawResponse(response).end('answered');
  }

  @Get('deep')
  deep(@Session() session: Session, @Res() response: object): void {
    session.data.list.push(1);
    rawResponse(response).end('answered');
    session.data.list.push(2);
  }

  @Get('deep-first')
  deepFirst(@Session() session: Session, @Res() response: object): void {
    rawResponse(response).end('answered');
    session.data.list.push(2);
  }

  @Get('deep-back')
  deepBack(@Session() session: Session, @Res() response: object): void {
    session.data.list.push(1);
    rawResponse(response).end('answered');
    session.data.list.push(2);
    session.data.list.pop();
  }

  @Get('untouched')
  untouched(@Session() session: Session, @Res({ passthrough: true }) reply: object): string {
    return keep(session, reply);
  }

  @Get('read')
  read(@Session() session: Session, @Res({ passthrough: true }) reply: object): string {
    session.get('user');
    return keep(session, reply);
  }

  @Get('share')
  share(@Session() session: Session, @Res({ passthrough: true }) reply: object): string {
    session.get('list');
    return keep(session, reply);
  }

  @Get('write')
  write(@Session() session: Session, @Res({ passthrough: true }) reply: object): string {
    session.data['early'] = [1];
    return keep(session, reply);
  }

  @Get('stream')
  stream(@Session() session: Session, @Res({ passthrough: true }) reply: object): StreamableFile {
    session.set('seen', true);
    keep(session, reply);
    return changing(() => session.data);
  }

  @Get('stream-held')
  streamHeld(@Session() session: Session, @Res({ passthrough: true }) reply: object): StreamableFile {
    const { data } = session;
    keep(session, reply);
    return changing(() => data);
  }

  @Sse('sse')
  sse(@Session() session: Session): Observable<string> {
    session.set('seen', true);
    const second = timer(20).pipe(
      map(() => {
        tryLate(session, 'set');
        return 'second';
      }),
    );
    return concat(
      defer(() => of('first')),
      second,
    );
  }
}

const lostAt = (place: string) => ({
  level: 'error',
  message: `Cannot save a change of the session at ${place}: it was made after the response headers had left. Make it earlier.`,
});

describeOnEachPlatform('A session whose response has left', (platform) => {
  const start = async () => {
    const logger = new RecordingLogger();
    const client = (await startApp(platform, { controllers: [LateController], logger })).client();
    await signIn(client, { user: 'tom', list: [] });
    return { client, logger };
  };
  const refusal = (name: string) => [
    'ERR_SESSION_HEADERS_SENT',
    `Cannot ${CHANGES[name]?.[0]} the session: the response headers, and the cookie with them, have left. ` +
      'Do it before you answer.',
  ];

  beforeEach(() => {
    late.length = 0;
  });

  it.each(Object.keys(CHANGES))('throws at %s(), and can still be read', async (name) => {
    const { client, logger } = await start();
    const reply = await client.get(`/late/${name}`);
    expect([reply.status, reply.text, sentClaims(reply).data]).toEqual([
      200,
      'answered',
      { user: 'tom', list: [], seen: true },
    ]);
    expect(late).toEqual([refusal(name), 'tom']);
    expect(logger.lines).toEqual([]);
  });

  it.each(Object.keys(CHANGES))('throws at %s() when that is the first use of it', async (name) => {
    const { client } = await start();
    const reply = await client.get(`/first/${name}`);
    expect([reply.status, reply.text, reply.setCookie, late]).toEqual([200, 'answered', [], [refusal(name)]]);
  });

  it('throws at set() in a listener that runs while the headers leave', async () => {
    const { client } = await start();
    const reply = await client.get('/listener/set');
    expect([reply.text, sentClaims(reply).data, late]).toEqual([
      'answered',
      { user: 'tom', list: [], seen: true },
      [refusal('set')],
    ]);
  });

  it('throws at set() in a later event of a stream', async () => {
    const { client } = await start();
    const reply = await client.get('/sse');
    expect(reply.text).toBe('\nid: 1\ndata: first\n\nid: 2\ndata: second\n\n');
    expect([sentClaims(reply).data, late]).toEqual([{ user: 'tom', list: [], seen: true }, [refusal('set')]]);
  });

  it.each([
    ['deep', '"list[1]"'],
    ['deep-first', '"list[0]"'],
  ])('logs a change deep inside that is lost (/%s), by its path', async (path, place) => {
    const { client, logger } = await start();
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.text]).toEqual([200, 'answered']);
    expect(logger.lines).toEqual([lostAt(place)]);
  });

  it.each<[string, (session: SessionService) => void, string]>([
    ['a new key', (session) => void (session.data['late'] = 'VALUE'), '"late"'],
    ['a changed key', (session) => void (session.data['user'] = 'VALUE'), '"user"'],
    ['a removed key', (session) => void delete session.data['user'], '"user"'],
    ['a nested change', (session) => session.data['list'].push('VALUE'), '"list[0]"'],
    ['a nested change by get()', (session) => session.get('list').push('VALUE'), '"list[0]"'],
    ['a nested change by entries()', (session) => session.entries()[1]?.[1].push('VALUE'), '"list[0]"'],
    ['a value that cannot be written', (session) => void (session.data['late'] = 1n), '"late"'],
    [
      'many changes',
      (session) => void Object.assign(session.data, { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }),
      '"a", "b", "c", "d", "e", and more',
    ],
    [
      'a key like a log line',
      (session) => void (session.data['x\n[Nest] forged\u001b[2J'] = 1),
      String.raw`"x\n[Nest] forged\u001b[2J"`,
    ],
  ])('logs %s when the response has long ended, once', async (_, change, place) => {
    for (const path of ['read', 'share', 'untouched']) {
      const { client, logger } = await start();
      expect((await client.get(`/${path}`)).text).toBe('kept');
      change(given as SessionService);
      expect(logger.lines).toEqual([]);
      await Promise.resolve();
      (given as SessionService).data['other'] = 1;
      await Promise.resolve();
      expect([path, logger.lines]).toEqual([path, [lostAt(place)]]);
    }
  });

  it.each(['stream', 'stream-held'])(
    'logs a change in the middle of a stream when it has ended (/%s)',
    async (path) => {
      const { client, logger } = await start();
      expect((await client.get(`/${path}`)).text).toBe('first, second');
      await settled;
      expect(logger.lines).toEqual([lostAt('"list[0]", "late"')]);
    },
  );

  it('leaves nothing on the response, and logs nothing, where nothing was changed late', async () => {
    const { client, logger } = await start();
    const left: (readonly number[])[] = [];
    for (const path of ['untouched', 'read', 'share', 'write']) {
      await client.get(`/${path}`);
      await settled;
      left.push(listenersOf(answer));
    }
    expect(new Set(left.map(String)).size).toBe(1);
    expect(logger.lines).toEqual([]);
  });

  it('adds no listener where the data was not given away', async () => {
    const { client } = await start();
    await client.get('/untouched');
    const untouched = during;
    await client.get('/read');
    expect(during).toEqual(untouched);
    await client.get('/share');
    expect(during.map((count, index) => count - (untouched[index] ?? 0))).toEqual([1, 1]);
  });

  it('logs nothing when such a change is taken back', async () => {
    const { client, logger } = await start();
    expect(sentClaims(await client.get('/deep-back')).data).toEqual({ user: 'tom', list: [1] });
    expect(logger.lines).toEqual([]);
  });
});
