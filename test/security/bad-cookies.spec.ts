import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ForeignFormat } from '../../lib/interop/index.js';
import { START, stopClock } from '../support/clock.js';
import { describeOnEachPlatform, OTHER_SECRET, startApp } from '../support/app.js';
import { base64url } from '../support/compact.js';
import { RecordingLogger } from '../support/log.js';
import { routes } from '../support/routes.js';
import { forge, sentClaims } from '../support/tokens.js';

const controller = routes({
  read: (session) => `${session.get('user')} ${session.size} ${session.isNew}`,
  teapot: (session, response) => {
    response.status(418);
    return String(session.get('user'));
  },
  twice: (session) => `${session.get('user')} ${session.isNew} ${session.get('user')}`,
  write: (session) => session.set('user', 'mike'),
});

const rejecting = () => Promise.reject(new Error('no'));
const DATA = { user: 'tom' };
const VALID = forge(DATA, { claims: { iat: START, exp: START + 1000 } });
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = VALID.split('.');
const claims = (changed: object) =>
  forge(DATA, { payload: JSON.stringify({ jti: 'id', iat: START, exp: START + 1000, data: DATA, ...changed }) });

const BAD: readonly (readonly [name: string, reason: string, value: string])[] = [
  ['is empty', 'malformed', ''],
  ['is a word', 'malformed', 'junk'],
  ['has two segments', 'malformed', `${HEADER}.${PAYLOAD}`],
  ['has four segments', 'malformed', `${VALID}.${PAYLOAD}`],
  ['has three empty segments', 'unknown-key', '..'],
  ['is truncated', 'tampered', VALID.slice(0, -1)],
  ['has no signature', 'tampered', `${HEADER}.${PAYLOAD}.`],
  ['has a padded signature', 'tampered', `${VALID}=`],
  ['has another payload', 'tampered', `${HEADER}.${base64url('{"data":{"user":"admin"}}')}.${SIGNATURE}`],
  ['is signed with another secret', 'unknown-key', forge(DATA, { secret: OTHER_SECRET })],
  [
    'is signed with another secret under our header',
    'tampered',
    `${HEADER}${forge(DATA, { secret: OTHER_SECRET, header: '' })}`,
  ],
  ['says alg none', 'unknown-key', `${base64url('{"alg":"none"}')}.${PAYLOAD}.`],
  ['says alg none and is signed', 'unknown-key', forge(DATA, { header: '{"alg":"none"}' })],
  ['has no kid', 'unknown-key', forge(DATA, { header: '{"alg":"HS256"}' })],
  ['is of another cookie name', 'unknown-key', forge(DATA, { cookieName: 'other' })],
  ['is quoted', 'unknown-key', `"${VALID}"`],
  ['has ended', 'expired', claims({ exp: START })],
  ['comes from the future', 'future', claims({ iat: START + 61 })],
  ['is 4097 characters long', 'too-large', `${VALID}${'A'.repeat(4097 - VALID.length)}`],
  ['is 12000 characters long', 'too-large', 'A'.repeat(12_000)],
  ['is authentic but no JSON', 'malformed', forge(DATA, { payload: 'text' })],
  ['is authentic but no object', 'malformed', forge(DATA, { payload: '[]' })],
  ['has an array for data', 'malformed', claims({ data: [] })],
  ['has no data', 'malformed', claims({ data: undefined })],
  ['has __proto__ in its data', 'malformed', forge(DATA, { payload: payloadWithProto() })],
  ['has text for exp', 'malformed', claims({ exp: '2999' })],
  ['has an infinite exp', 'malformed', forge(DATA, { payload: payloadEndingAt('1e999') })],
  ['has no iat', 'malformed', claims({ iat: null })],
  ['has no id', 'malformed', claims({ jti: '' })],
];

function payloadWithProto(): string {
  return `{"jti":"id","iat":${START},"exp":${START + 1000},"data":{"__proto__":{"admin":true}}}`;
}

function payloadEndingAt(exp: string): string {
  return `{"jti":"id","iat":${START},"exp":${exp},"data":{}}`;
}

const cookies = (...values: readonly string[]) => ({
  headers: { cookie: values.map((value) => `session=${value}`).join('; ') },
});

const throwing = () => {
  throw new Error('not today');
};

describeOnEachPlatform('A cookie that is no session', (platform) => {
  beforeEach(stopClock);
  const reasons: string[] = [];
  const start = async (session: object = { onReject: (reason: string) => void reasons.push(reason) }) => {
    reasons.length = 0;
    return (await startApp(platform, { session, controllers: [controller] })).client();
  };

  it.each(BAD)('that %s gives an empty new session, with the reason %s', async (_name, reason, value) => {
    const client = await start();
    const reply = await client.get('/read', cookies(value));
    expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'undefined 0 true', []]);
    expect(reasons).toEqual([reason]);
    expect((await client.get('/teapot', cookies(value))).status).toBe(418);
  });

  it('is replaced when the new session is written', async () => {
    const sent = sentClaims(await (await start()).get('/write', cookies('junk')));
    expect([sent.data, sent.iat]).toEqual([{ user: 'mike' }, START]);
  });

  it.each([
    ['session=%valid', 'tom 1 false'],
    ['a=b;session=%valid;c=d', 'tom 1 false'],
    ['xsession=%valid', 'undefined 0 true'],
    ['session2=%valid', 'undefined 0 true'],
    ['Session=%valid', 'undefined 0 true'],
    ['a="session=%valid"', 'undefined 0 true'],
  ])('is told from one that is, by its name (%s)', async (cookie, text) => {
    const reply = await (await start()).get('/read', { headers: { cookie: cookie.replace('%valid', VALID) } });
    expect([reply.text, reasons]).toEqual([text, []]);
  });

  it('may come from a clock that is a minute ahead', async () => {
    expect((await (await start()).get('/read', cookies(claims({ iat: START + 60 })))).text).toBe('tom 1 false');
  });

  describe('beside others of its name', () => {
    it('leaves the session valid, before the valid cookie or after it', async () => {
      const client = await start();
      expect((await client.get('/read', cookies('junk', VALID))).text).toBe('tom 1 false');
      expect((await client.get('/read', cookies(VALID, 'junk'))).text).toBe('tom 1 false');
      expect(reasons).toEqual(['malformed']);
    });

    it('is tried up to four times', async () => {
      const client = await start();
      const junk = ['junk', VALID.slice(0, -1), '..'];
      expect((await client.get('/read', cookies(...junk, VALID))).text).toBe('tom 1 false');
      expect((await client.get('/read', cookies(...junk, 'junk', VALID, 'junk'))).text).toBe('undefined 0 true');
    });

    it('is reported once a request, by the reason of the first', async () => {
      const client = await start();
      const [malformed, tampered, unknown] = ['junk', VALID.slice(0, -1), '..'];
      await client.get('/read', cookies(tampered, malformed, unknown, malformed));
      expect(reasons).toEqual(['tampered']);
      await client.get('/twice', cookies(unknown, tampered, VALID));
      expect(reasons).toEqual(['tampered', 'unknown-key']);
    });

    it('gives way to the valid one that was issued last, and of equal ones to the last', async () => {
      const client = await start();
      const [ann, older] = [claims({ data: { user: 'ann' } }), claims({ data: { user: 'old' }, iat: START - 1 })];
      expect((await client.get('/read', cookies('junk', VALID, ann, older))).text).toBe('ann 1 false');
    });
  });

  it('tells onReject the request that it came with', async () => {
    const urls: (string | undefined)[] = [];
    const client = await start({ onReject: (_reason: string, request: { url?: string }) => urls.push(request.url) });
    await client.get('/read?who', cookies('junk'));
    expect(urls).toEqual(['/read?who']);
  });

  it('does no harm when onReject throws', async () => {
    const logger = new RecordingLogger();
    const client = (
      await startApp(platform, { session: { onReject: throwing }, controllers: [controller], logger })
    ).client();
    const reply = await client.get('/read', cookies('junk', VALID));
    expect([reply.status, reply.text]).toEqual([200, 'tom 1 false']);
    const message = 'Cannot report an ignored session cookie: onReject threw. Let it catch its own errors.';
    expect(logger.lines).toEqual([{ level: 'error', message }]);
  });

  it('does no harm when onReject rejects, and says so once', async () => {
    const logger = new RecordingLogger();
    const client = (
      await startApp(platform, { session: { onReject: rejecting }, controllers: [controller], logger })
    ).client();
    const reply = await client.get('/read', cookies('junk', VALID));
    expect([reply.status, reply.text]).toEqual([200, 'tom 1 false']);
    const message = 'Cannot report an ignored session cookie: onReject was rejected. Let it catch its own errors.';
    expect(logger.lines).toEqual([{ level: 'error', message }]);
  });

  it('does no harm when onReject resolves or returns anything', async () => {
    const logger = new RecordingLogger();
    const results: unknown[] = [1, null, Promise.resolve(), {}];
    const session = { onReject: () => results.pop() };
    const client = (await startApp(platform, { session, controllers: [controller], logger })).client();
    while (results.length > 0) expect((await client.get('/read', cookies('junk'))).status).toBe(200);
    expect(logger.lines).toEqual([]);
  });

  it('does no harm when onAccept rejects or throws, and says so once', async () => {
    const format: ForeignFormat = { format: 'own', open: () => ({ ok: true, data: DATA, issuedAt: START }) };
    for (const [how, onAccept] of [
      ['was rejected', rejecting],
      ['threw', throwing],
    ] as const) {
      const logger = new RecordingLogger();
      const session = { onAccept, accept: [format] };
      const client = (await startApp(platform, { session, controllers: [controller], logger })).client();
      expect((await client.get('/read', cookies('junk'))).text).toBe('tom 1 false');
      const message = `Cannot report an accepted session cookie: onAccept ${how}. Let it catch its own errors.`;
      expect(logger.lines).toEqual([{ level: 'error', message }]);
    }
  });

  it('does no harm where a format of the application throws: log-out works too', async () => {
    const said: string[] = [];
    const session = { accept: [{ format: 'own', open: throwing }], onReject: (reason: string) => said.push(reason) };
    const client = (await startApp(platform, { session, controllers: [controller] })).client();
    expect((await client.get('/read', cookies('junk'))).text).toBe('undefined 0 true');
    expect((await client.get('/write', cookies('junk'))).status).toBe(200);
    expect(said).toEqual(['malformed', 'malformed']);
  });

  it.each([
    ['tampered', VALID.slice(0, -1)],
    ['expired', claims({ exp: 1 })],
    ['malformed', 'junk'],
  ])('is a debug line without onReject, with no value in it: %s', async (reason, value) => {
    const logger = new RecordingLogger();
    const client = (await startApp(platform, { controllers: [controller], logger })).client();
    await client.get('/read', cookies(value, 'more junk', '..'));
    expect(logger.lines).toEqual([{ level: 'debug', message: `Ignored a session cookie: ${reason}.` }]);
  });
});
