import { expect, it, jest } from '@jest/globals';
import { cookieSession, starlette } from '../../../lib/interop/index.js';
import type { ForeignFormat } from '../../../lib/interop/foreign-format.js';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { DELETION, forge, now, sentClaims, signIn } from '../../support/tokens.js';

const FOREIGN_SECRET = 'the secret of the other service.';
const other = starlette({ secretKey: FOREIGN_SECRET });
const keygrip = cookieSession({ keys: [FOREIGN_SECRET], acceptUntil: new Date('2100-01-01') });
const DATA = { user: 'tom', cart: [1, { n: null }] };

const controller = routes({
  read: (session) => JSON.stringify(session.data),
  write: (session) => session.set('user', 'mike'),
  destroy: (session) => session.destroy(),
  large: (session) => session.set('user', 'x'.repeat(4000)),
});

/** The Cookie header by which the other service would be sent its session. */
function cookiesOf(format: ForeignFormat, data: object, at = now()): string {
  const values = format.write?.(JSON.stringify(data), { cookieName: 'session', now: at, maxAge: 1209600 }) ?? [];
  const names = ['session', ...(format.companions ?? []).map((suffix) => `session${suffix}`)];
  return names.map((name, index) => `${name}=${values[index]}`).join('; ');
}

const dataOf = (format: ForeignFormat, value: string) => format.open([value], { cookieName: 'session', now: now() });

describeOnEachPlatform('A foreign format that is accepted', (platform) => {
  it.each<[string, ForeignFormat, string[]]>([
    ['starlette', other, []],
    ['cookie-session', keygrip, [DELETION.replace('session=', 'session.sig=')]],
  ])('is read once and issued anew in ours, and its other cookies are deleted (%s)', async (name, format, gone) => {
    const onAccept = jest.fn();
    const app = await startApp(platform, { controllers: [controller], session: { accept: [format], onAccept } });
    const reply = await app.client().get('/read', { headers: { cookie: cookiesOf(format, DATA) } });
    expect(JSON.parse(reply.text)).toEqual(DATA);
    expect(sentClaims(reply).data).toEqual(DATA);
    expect(reply.setCookie.slice(1)).toEqual(gone);
    expect(onAccept.mock.calls).toEqual([[name, expect.anything()]]);
  });

  it('goes when the session is ended, with all of its cookies', async () => {
    const app = await startApp(platform, { controllers: [controller], session: { accept: [keygrip] } });
    const reply = await app.client().get('/destroy', { headers: { cookie: cookiesOf(keygrip, DATA) } });
    expect(reply.setCookie).toEqual([DELETION, DELETION.replace('session=', 'session.sig=')]);
  });

  it('does not matter once ours came, and is not reported', async () => {
    const onAccept = jest.fn();
    const app = await startApp(platform, { controllers: [controller], session: { accept: [other], onAccept } });
    const client = app.client();
    await signIn(client, { user: 'ours' });
    const reply = await client.get('/read');
    expect([reply.text, reply.setCookie, onAccept.mock.calls]).toEqual(['{"user":"ours"}', [], []]);
  });

  it('is a fresh session when it was changed, has expired or lacks a companion, and when it is not listed', async () => {
    const onReject = jest.fn();
    const session = { accept: [keygrip, other], onReject };
    const app = await startApp(platform, { controllers: [controller], session });
    const good = cookiesOf(keygrip, DATA);
    for (const cookie of [
      good.replace('session.sig=', 'session.sig=A'),
      good.split('; ')[0] ?? '',
      cookiesOf(other, DATA, now() - 1209602),
      `session=${'A'.repeat(5000)}; session.sig=x`,
    ]) {
      const reply = await app.client().get('/read', { headers: { cookie } });
      expect([reply.status, reply.text, reply.setCookie]).toEqual([200, '{}', []]);
    }
    expect(onReject).toHaveBeenCalledTimes(4);
    const strict = await startApp(platform, { controllers: [controller] });
    expect((await strict.client().get('/read', { headers: { cookie: good } })).text).toBe('{}');
  });

  it('survives an onAccept that throws, and junk beside it', async () => {
    const onAccept = jest.fn(() => {
      throw new Error('down');
    });
    const app = await startApp(platform, { controllers: [controller], session: { accept: [keygrip], onAccept } });
    const cookie = `session=junk; session.sig=junk; ${cookiesOf(keygrip, DATA)}`;
    const reply = await app.client().get('/read', { headers: { cookie } });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, DATA]);
  });
});

describeOnEachPlatform('A foreign format as the codec', (platform) => {
  const start = (codec: ForeignFormat) => startApp(platform, { controllers: [controller], session: { codec } });

  it('shares live sessions: reads and writes as the other service does', async () => {
    const client = (await start(other)).client();
    const read = await client.get('/read', { headers: { cookie: cookiesOf(other, DATA) } });
    expect([JSON.parse(read.text), read.setCookie]).toEqual([DATA, []]);
    const written = await client.get('/write', { headers: { cookie: cookiesOf(other, DATA) } });
    expect(written.setCookie).toHaveLength(1);
    expect(dataOf(other, (await client.cookie()) ?? '')).toMatchObject({ ok: true, data: { ...DATA, user: 'mike' } });
    expect((await client.get('/read')).text).toBe(JSON.stringify({ ...DATA, user: 'mike' }));
  });

  it('writes each of its cookies, and deletes each', async () => {
    const client = (await start(keygrip)).client();
    const written = await client.get('/write');
    expect(written.setCookie.map((line) => line.split('=')[0])).toEqual(['session', 'session.sig']);
    expect((await client.get('/read')).text).toBe('{"user":"mike"}');
    expect((await client.get('/destroy')).setCookie).toEqual([DELETION, DELETION.replace('session=', 'session.sig=')]);
  });

  it('takes no cookie of ours, and none that is too large to be kept', async () => {
    const app = await start(other);
    const reply = await app.client().get('/read', { headers: { cookie: `session=${forge(DATA)}` } });
    expect(reply.text).toBe('{}');
    expect((await app.client().get('/large')).status).toBe(500);
  });
});

describeOnEachPlatform('Options of foreign formats', (platform) => {
  it.each([
    [{ codec: { format: 'odd', open: () => ({ ok: false, reason: 'malformed' }) as const } }, '"odd" can only be read'],
    [{ codec: other, encrypt: true }, '"encrypt"'],
    [{ codec: other, cookieCount: 2 }, '"cookieCount"'],
    [{ codec: other, serializer: JSON }, '"serializer"'],
    [{ codec: {} as ForeignFormat }, '"codec"'],
  ])('are an error at start where they cannot be meant (%#)', async (session, part) => {
    const started = startApp(platform, { session: { secretKey: SECRET, ...session } });
    await expect(started).rejects.toMatchObject({ code: 'ERR_SESSION_OPTION_INVALID' });
    await expect(started).rejects.toThrow(part);
  });
});
