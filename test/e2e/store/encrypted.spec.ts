import { expect, it } from '@jest/globals';
import type { SessionModuleOptions, SessionRejectReason } from 'nestjs-sessions';
import type { StoredSession } from 'nestjs-sessions/store';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../../support/app.js';
import { passTenth, stopClock } from '../../support/clock.js';
import { decryptRecord, isEncrypted } from '../../support/encrypted-records.js';
import { idInHeader } from '../../support/jose.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';

describeOnEachPlatform('With encrypt: true, a store', (platform) => {
  const start = async (kept: TestStore, session: Partial<SessionModuleOptions> = {}) => {
    const reasons: SessionRejectReason[] = [];
    const app = await startApp(platform, {
      session: { store: kept, encrypt: true, onReject: (reason) => reasons.push(reason), ...session },
      controllers: [
        routes({
          read: ({ data }) => JSON.stringify(data),
          login: (s) => s.set('user', 'Ada Lovelace'),
          write: (s) => s.set('n', Number(s.get('n') ?? 0) + 1),
          short: (s) => (s.maxAge = 60),
          regenerate: (s) => s.regenerate({ keep: ['user'] }),
        }),
      ],
    });
    return { app, reasons };
  };

  const begun = async () => {
    stopClock();
    const kept = new TestStore();
    const { app } = await start(kept);
    const visitor = app.client();
    await visitor.get('/login');
    const cookie = (await visitor.cookie()) ?? '';
    return { kept, app, visitor, cookie, id: idInHeader(cookie) };
  };

  it('has no data in the clear, in no command', async () => {
    const { kept, visitor } = await begun();
    await visitor.get('/write');
    await visitor.get('/regenerate');
    expect(isEncrypted(textIn(kept))).toBe(true);
    expect(kept.seen.join()).not.toMatch(/Ada|Lovelace|user/);
    expect((await visitor.get('/read')).text).toBe('{"user":"Ada Lovelace"}');
  });

  it('has what the format says, under a key that is made of the id', async () => {
    const { kept, visitor, id } = await begun();
    expect(decryptRecord(textIn(kept), id)).toBe('{"user":"Ada Lovelace"}');
    await visitor.get('/short');
    expect(decryptRecord(textIn(kept), id)).toBe('60 {"user":"Ada Lovelace"}');
  });

  it('keeps what parallel requests change', async () => {
    const { kept, visitor, id } = await begun();
    await Promise.all([visitor.get('/write'), visitor.get('/short'), visitor.get('/login')]);
    expect(decryptRecord(textIn(kept), id)).toBe('60 {"user":"Ada Lovelace","n":1}');
  });

  it('has its text anew once the secret was changed, so that the old secret may go', async () => {
    const { kept, cookie } = await begun();
    const { app } = await start(kept, { secretKey: [OTHER_SECRET, SECRET] });
    const visitor = app.client();
    await visitor.setCookie('session', cookie);
    const { setCookie } = await visitor.get('/read');
    expect(setCookie).toHaveLength(1);
    const { app: last } = await start(kept, { secretKey: OTHER_SECRET });
    const later = last.client();
    await later.setCookie('session', (await visitor.cookie()) ?? '');
    expect((await later.get('/read')).text).toBe('{"user":"Ada Lovelace"}');
  });

  it('has its text anew also where the cookie is renewed at the same time', async () => {
    const { kept, cookie, id } = await begun();
    passTenth();
    const { app } = await start(kept, { secretKey: [OTHER_SECRET, SECRET], rolling: true });
    const visitor = app.client();
    await visitor.setCookie('session', cookie);
    await visitor.get('/read');
    expect(decryptRecord(textIn(kept), id, { secret: OTHER_SECRET })).toBe('{"user":"Ada Lovelace"}');
  });

  it.each([
    ['encrypted', { encrypt: true, accept: ['signed'] }, { encrypt: false }],
    ['in the clear', { encrypt: false, accept: ['encrypted'] }, { encrypt: true }],
  ] as const)('has texts %s once the option was changed, and loses no session', async (_, after, before) => {
    stopClock();
    const kept = new TestStore();
    const old = (await start(kept, before)).app.client();
    await old.get('/login');
    const { app, reasons } = await start(kept, { ...after, accept: [...after.accept] });
    const visitor = app.client();
    await visitor.setCookie('session', (await old.cookie()) ?? '');
    expect((await visitor.get('/read')).text).toBe('{"user":"Ada Lovelace"}');
    expect(isEncrypted(textIn(kept))).toBe(after.encrypt);
    expect((await visitor.get('/read')).text).toBe('{"user":"Ada Lovelace"}');
    expect(reasons).toEqual([]);
  });

  it('gives a new session where its text was changed, or is that of another session', async () => {
    const { kept, app, visitor } = await begun();
    const other = app.client();
    await other.get('/login');
    const [[, first], [key, second]] = [...kept.records] as [[string, StoredSession], [string, StoredSession]];
    await kept.save(key, { ...second, text: first.text }, false);
    expect((await other.get('/read')).text).toBe('{}');
    expect((await visitor.get('/read')).text).toBe('{"user":"Ada Lovelace"}');
  });

  it("leaves the record of data: 'cookie' without data", async () => {
    stopClock();
    const kept = new TestStore();
    const { app } = await start(kept, { store: { store: kept, data: 'cookie' } });
    const visitor = app.client();
    await visitor.get('/login');
    expect(textIn(kept)).toBe('');
    await visitor.get('/short');
    expect((await visitor.get('/read')).text).toBe('{"user":"Ada Lovelace"}');
  });
});

/** The text of the first session that is stored. */
function textIn({ records }: TestStore): string {
  const [record] = records.values();
  return record?.text ?? '';
}
