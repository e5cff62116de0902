import { beforeEach, expect, it } from '@jest/globals';
import { Controller, Get, Param, Res, Sse } from '@nestjs/common';
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
  const LOST = {
    level: 'error',
    message: 'Cannot save a change of the session: it was made after the response headers had left. Make it earlier.',
  };

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

  it.each(['deep', 'deep-first'])('logs a change deep inside that is lost (/%s)', async (path) => {
    const { client, logger } = await start();
    const reply = await client.get(`/${path}`);
    expect([reply.status, reply.text]).toEqual([200, 'answered']);
    expect(logger.lines).toEqual([LOST]);
  });

  it('logs nothing when such a change is taken back', async () => {
    const { client, logger } = await start();
    expect(sentClaims(await client.get('/deep-back')).data).toEqual({ user: 'tom', list: [1] });
    expect(logger.lines).toEqual([]);
  });
});
