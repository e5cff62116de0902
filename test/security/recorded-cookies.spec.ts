import { expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { Session, SessionModule, type SessionModuleOptions, type SessionRejectReason } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../support/app.js';
import { START, stopClock } from '../support/clock.js';
import { RecordingLogger } from '../support/log.js';
import { routes } from '../support/routes.js';
import { TestStore } from '../support/stores.js';
import { claimsOf } from '../support/tokens.js';
import { authentic, ID, MODES, payloadOf } from './support/modes.js';

const controller = routes({
  read: (session) => JSON.stringify(session.data),
  begin: (session) => session.update({ user: 'ada@example.org', secret: 'hush' }),
  write: (session) => session.set('n', 1),
  destroy: (session) => session.destroy(),
});

const subject = ({ user }: Record<string, unknown>) => user as string | undefined;

describeOnEachPlatform("With data: 'cookie' and adopt", (platform) => {
  const start = async (options: Partial<SessionModuleOptions> = {}) => {
    stopClock();
    const store = new TestStore();
    const logger = new RecordingLogger();
    const reasons: SessionRejectReason[] = [];
    const { client } = await startApp(platform, {
      session: {
        store: { store, data: 'cookie', adopt: true },
        maxAge: 1000,
        onReject: (reason) => reasons.push(reason),
        ...options,
      },
      controllers: [controller],
      logger,
    });
    const read = async (token: string) =>
      (await client().get('/read', { headers: { cookie: `session=${token}` } })).text;
    return { store, logger, reasons, visitor: client(), client, read };
  };

  it.each(MODES)('a token that is forged, changed, over or not of ours makes no command: %s', async (mode) => {
    const { store, visitor, read } = await start({ encrypt: mode === 'encrypted' });
    await visitor.get('/begin');
    const token = (await visitor.cookie()) ?? '';
    store.take();
    const hostile = [
      `${token.slice(0, -2)}AA`,
      token.slice(0, -1),
      `${token}.`,
      authentic(mode, payloadOf({ st: 1 }, START), OTHER_SECRET),
      authentic(mode, payloadOf({}, START), OTHER_SECRET),
      authentic(mode, payloadOf({ st: 1 }, START), SECRET, 'other'),
      authentic(mode, payloadOf({ st: 1, iat: START - 1000, exp: START }, START)),
      authentic(mode, payloadOf({ iat: START - 1000, exp: START }, START)),
      authentic(mode, payloadOf({ st: 1, iat: START + 61, exp: START + 500 }, START)),
      authentic(mode, payloadOf({ st: 2 }, START)),
      authentic(mode, payloadOf({ st: 1, rk: '../x' }, START)),
      authentic(mode, payloadOf({ rk: ID }, START)),
    ];
    for (const each of hostile) expect([each, await read(each)]).toEqual([each, '{}']);
    expect(store.take()).toEqual([]);
  });

  it.each(MODES)('a token without a record of its own is nothing, though it is authentic: %s', async (mode) => {
    const { store, reasons, visitor, read } = await start({ encrypt: mode === 'encrypted' });
    await visitor.get('/begin');
    const { jti } = claimsOf(mode === 'signed' ? ((await visitor.cookie()) ?? '') : 'a.e30');
    const times = { iat: START, exp: START + 1000 };
    for (const claims of [{ st: 1 }, { st: 1, rk: ID }])
      expect(await read(authentic(mode, payloadOf({ ...claims, ...times })))).toBe('{}');
    if (mode === 'signed') {
      // Neither a record that another key names, nor data that the record never had.
      expect(await read(authentic(mode, payloadOf({ jti, st: 1, rk: ID, ...times })))).toBe('{}');
      expect(await read(authentic(mode, payloadOf({ jti, st: 1, data: undefined, ...times })))).toBe('{}');
    }
    expect(reasons).toEqual(['revoked', 'revoked', ...(mode === 'signed' ? ['revoked', 'malformed'] : [])]);
    expect(store.records.size).toBe(1);
  });

  it('neither ids, nor persons, nor data reach the store or the log', async () => {
    const store = new TestStore();
    const { visitor, logger } = await start({ store: { store, data: 'cookie', adopt: true, subject } });
    const plain = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
    await plain.get('/begin');
    await visitor.setCookie('session', (await plain.cookie()) ?? '');
    await visitor.get('/write');
    const { jti, ...claims } = claimsOf((await visitor.cookie()) ?? '');
    expect([jti, claims]).toEqual([claimsOf((await plain.cookie()) ?? '').jti, expect.objectContaining({ st: 1 })]);
    store.before = () => Promise.reject(new Error('down'));
    await visitor.get('/write');
    const seen = `${store.seen.join('')}${JSON.stringify(logger.lines)}`;
    for (const secret of [jti, 'ada']) expect(seen).not.toContain(secret);
  });

  it('a session that was taken over has a record that its id alone does not name', async () => {
    const { visitor, read } = await start();
    const plain = (await startApp(platform, { session: { store: undefined }, controllers: [controller] })).client();
    await plain.get('/begin');
    await visitor.setCookie('session', (await plain.cookie()) ?? '');
    await visitor.get('/write');
    const { jti } = claimsOf((await visitor.cookie()) ?? '');
    expect(await read(authentic('signed', payloadOf({ jti, st: 1, iat: START, exp: START + 1000 })))).toBe('{}');
  });

  it('sessions of several names share a store, and each ends for itself', async () => {
    stopClock();
    const store = new TestStore();
    const options = { secretKey: SECRET, store: { store, data: 'cookie' as const } };

    @Controller()
    class TwoController {
      @Get('begin')
      begin(@Session({ name: 'one' }) one: Session, @Session({ name: 'two' }) two: Session): void {
        one.set('n', 1);
        two.set('n', 2);
      }

      @Get('end')
      end(@Session({ name: 'one' }) one: Session): void {
        one.destroy();
      }

      @Get('read')
      read(@Session({ name: 'one' }) one: Session, @Session({ name: 'two' }) two: Session): string {
        return `${one.get('n')} ${two.get('n')}`;
      }
    }

    const { client } = await startApp(platform, {
      session: false,
      imports: [
        SessionModule.forRoot({ ...options, name: 'one', cookieName: 'one' }),
        SessionModule.forRoot({ ...options, name: 'two', cookieName: 'two', encrypt: true }),
        SessionModule.forRoot({ secretKey: SECRET, store: undefined }),
      ],
      controllers: [TwoController],
    });
    const visitor = client();
    await visitor.get('/begin');
    const copy = client();
    for (const name of ['one', 'two']) await copy.setCookie(name, (await visitor.cookie(name)) ?? '');
    await visitor.get('/end');
    expect([(await visitor.get('/read')).text, (await copy.get('/read')).text]).toEqual(['undefined 2', 'undefined 2']);
  });
});
