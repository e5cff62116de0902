import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Req } from '@nestjs/common';
import { Session, type SessionError, SessionManager } from 'nestjs-sessions';
import { startApp } from '../../support/app.js';
import { ATTRIBUTES } from '../../support/large.js';
import { RecordingLogger } from '../../support/log.js';
import { rawRequest } from '../../support/routes.js';
import { SUITE_STORE } from '../../support/suite-store.js';
import { refusal, UNSERIALIZABLE } from '../../support/unserializable.js';
import { DELETION, ID, sentClaims, sentCookie, signIn } from '../../support/tokens.js';
import { called, type ExpressRequest, type ExpressSession, pages, startExpress } from './support/express-session.js';

const handlers = pages({
  ids: (session, request) => [session.id, session.sessionID, request.session.id],
  async regenerate(session, request) {
    const error = await called((done) => session.regenerate(done));
    const { session: next } = request;
    next.fresh = true;
    return { error, isSame: next === session, old: { ...session }, id: next.id };
  },
  regenerateOnly: (session) => called((done) => session.regenerate(done)),
  async save(session) {
    session.user = 'ada';
    const result = session.save();
    return { isSame: result === session, error: await called((done) => session.save(done)) };
  },
  async saveLarge(session) {
    session.text = 'x'.repeat(2_000_000);
    const { code, message } = (await called((done) => session.save(done))) as SessionError;
    delete session.text;
    return [code, message];
  },
  async saveBad(session) {
    const [value] = UNSERIALIZABLE.bigint ?? [];
    session.bad = value;
    const { code, message } = (await called((done) => session.save(done))) as SessionError;
    delete session.bad;
    return [code, message];
  },
  throws(session) {
    session.bad = 1n;
    try {
      session.save();
    } catch (error) {
      delete session.bad;
      return (error as SessionError).code;
    }
    return 'nothing was thrown';
  },
  async destroy(session, request) {
    const error = await called((done) => session.destroy(done));
    return { error, isGone: request.session === undefined, old: { ...session } };
  },
  async reload(session, request) {
    session.user = 'bob';
    const error = await called((done) => session.reload(done));
    return { error, now: request.session };
  },
  async reloadRegenerated(session, request) {
    await called((done) => session.regenerate(done));
    request.session.user = 'bob';
    await called((done) => request.session.reload(done));
    return { ...request.session, id: request.session.id };
  },
  touch: (session) => session.touch() === session,
  later: (session) => {
    const order: string[] = [];
    const ready = called((done) => session.save(() => done(order.push('callback'))));
    order.push('caller');
    return ready.then(() => order);
  },
  async headersSent(session, request, response) {
    response.write('part');
    const unchanged = await called((done) => session.save(done));
    session.user = 'bob';
    const attempts: ((session: ExpressSession, done: () => void) => unknown)[] = [
      (given, done) => given.save(done),
      (given, done) => given.regenerate(done),
      (given, done) => given.destroy(done),
      (given, done) => given.reload(done),
    ];
    const errors = await Promise.all(attempts.map((attempt) => called((done) => attempt(request.session, done))));
    response.end(JSON.stringify([typeof unchanged, ...errors.map((error) => (error as SessionError).code)]));
  },
});

async function visitor(data: Readonly<Record<string, unknown>> = { user: 'ada' }) {
  const logger = new RecordingLogger();
  const client = (await startExpress({ controllers: [handlers], logger })).client();
  await signIn(client, data);
  return { client, logger };
}

describe('The members of request.session', () => {
  it('id, sessionID: the id of the session', async () => {
    const { client } = await visitor();
    expect(JSON.parse((await client.get('/ids')).text)).toEqual([ID, ID, ID]);
  });

  it('regenerate() takes a new id and no data, and leaves the old data to code that holds it', async () => {
    const { client } = await visitor();
    const reply = await client.get('/regenerate');
    const { jti, data } = sentClaims(reply);
    expect(JSON.parse(reply.text)).toEqual({ isSame: false, old: { user: 'ada' }, id: jti });
    expect(data).toEqual({ fresh: true });
    expect(jti).not.toBe(ID);
  });

  it('regenerate() alone deletes the cookie, as nothing is kept', async () => {
    const { client } = await visitor();
    expect((await client.get('/regenerateOnly')).setCookie).toEqual([DELETION]);
  });

  it('save() reports success, and sends one cookie with the headers', async () => {
    const { client } = await visitor({});
    const reply = await client.get('/save');
    expect([JSON.parse(reply.text), sentClaims(reply).data]).toEqual([{ isSame: true }, { user: 'ada' }]);
  });

  it('save() calls back after its caller has gone on', async () => {
    const { client } = await visitor();
    expect(JSON.parse((await client.get('/later')).text)).toEqual(['caller', 'callback']);
  });

  it('save() reports a session that is too large, and the one that came stays', async () => {
    const { client, logger } = await visitor();
    const reply = await client.get('/saveLarge');
    expect(JSON.parse(reply.text)).toEqual([
      'ERR_SESSION_TOO_LARGE',
      expect.stringMatching(/more than 1048576 characters .*the longest keys are "text" \(more than 1048576\)/),
    ]);
    expect([reply.setCookie, logger.lines]).toEqual([[], []]);
  });

  it('save() reports a value that cannot be serialized', async () => {
    const { client } = await visitor();
    const reply = await client.get('/saveBad');
    expect(JSON.parse(reply.text)).toEqual(['ERR_SESSION_NOT_SERIALIZABLE', refusal('bigint')]);
  });

  it('save() without a callback throws', async () => {
    const { client } = await visitor();
    expect((await client.get('/throws')).text).toBe('ERR_SESSION_NOT_SERIALIZABLE');
  });

  it('destroy() ends the session and deletes the cookie', async () => {
    const { client } = await visitor();
    const reply = await client.get('/destroy');
    expect(JSON.parse(reply.text)).toEqual({ isGone: true, old: { user: 'ada' } });
    expect(reply.setCookie).toEqual([DELETION]);
    expect(await client.cookie()).toBeUndefined();
  });

  it('reload() goes back to the data that came', async () => {
    const { client } = await visitor();
    const reply = await client.get('/reload');
    expect([JSON.parse(reply.text), reply.setCookie]).toEqual([{ now: { user: 'ada' } }, []]);
    const regenerated = await client.get('/reloadRegenerated');
    const came = { user: 'ada', id: ID };
    // In a store, regenerate() with a callback has ended that session, and nothing brings it back.
    const expected = SUITE_STORE === undefined ? [came, []] : [{ id: expect.not.stringMatching(ID) }, [DELETION]];
    expect([JSON.parse(regenerated.text), regenerated.setCookie]).toEqual(expected);
  });

  it('touch() sends the cookie again, with its whole lifetime', async () => {
    const { client } = await visitor();
    const reply = await client.get('/touch');
    expect([reply.text, `; ${sentCookie(reply).attributes.join('; ')}`]).toEqual(['true', ATTRIBUTES]);
    expect(sentClaims(reply).data).toEqual({ user: 'ada' });
  });

  it('report to their callbacks that the headers have left, save() where a change is lost', async () => {
    const { client } = await visitor();
    const reply = await client.get('/headersSent');
    expect(reply.text).toBe(`part${JSON.stringify(['undefined', ...Array(4).fill('ERR_SESSION_HEADERS_SENT')])}`);
  });
});

@Controller()
class RawController {
  @Get()
  read(@Req() request: object, @Session() session: Session): unknown {
    const { session: raw } = rawRequest(request) as ExpressRequest;
    return { ofFastify: 'session' in request, isSame: raw === session.data };
  }

  @Get('write')
  async write(@Req() request: object): Promise<void> {
    const raw = rawRequest(request) as ExpressRequest;
    await new Promise((resolve) => {
      raw.session.regenerate(resolve);
    });
    raw.session.user = 'ada';
  }
}

describe('expressSession() on Fastify', () => {
  it('gives a session to the request of Node, as middleware has it, and none to that of Fastify', async () => {
    const app = await startApp('fastify', {
      controllers: [RawController],
      configure: (nest) => nest.use(nest.get(SessionManager).expressSession()),
    });
    const client = app.client();
    expect((await client.get('/')).text).toBe('{"ofFastify":false,"isSame":true}');
    expect(sentClaims(await client.get('/write')).data).toEqual({ user: 'ada' });
  });
});
