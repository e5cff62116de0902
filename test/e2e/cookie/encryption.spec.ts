import { beforeEach, describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform, OTHER_SECRET, startApp } from '../../support/app.js';
import { START, stopClock } from '../../support/clock.js';
import { headerText, idInHeader } from '../../support/jose.js';
import { decrypt, encrypt, jweHeader, signInEncrypted } from '../../support/jwe.js';
import { routes } from '../../support/routes.js';
import { spellings } from '../../support/spellings.js';
import { forge, ID, sentCookie } from '../../support/tokens.js';

const MARKER = 'a diagnosis nobody may read';
const DATA = { user: 'tom', deep: { list: [1, 'ä€😀', null] } };

const controller = routes({
  write: (session) => {
    session.set('file', { patientNotes: [MARKER] });
    return session.id;
  },
  read: (session) => JSON.stringify([session.isNew, session.data]),
  again: (session) => session.touch(),
  login: (session) => {
    session.regenerate({ keep: ['user'] });
    return session.id;
  },
});

describeOnEachPlatform('An encrypted session', (platform) => {
  beforeEach(stopClock);
  const reasons: string[] = [];
  const start = async (session: object = {}) => {
    reasons.length = 0;
    const onReject = (reason: string) => void reasons.push(reason);
    const options = { session: { encrypt: true, onReject, ...session }, controllers: [controller] };
    return (await startApp(platform, options)).client();
  };

  it('is a JWE of five segments, the second of them empty, with the attributes of the defaults', async () => {
    const reply = await (await start()).get('/write');
    const { value, attributes } = sentCookie(reply);
    expect(value).toMatch(/^[\w-]{92}\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(headerText(value)).toBe(jweHeader(reply.text));
    expect(attributes).toEqual(['Max-Age=1209600', 'Path=/', 'HttpOnly', 'SameSite=Lax']);
  });

  it('shows nothing of its data, however it is read', async () => {
    const reply = await (await start()).get('/write');
    const { value } = sentCookie(reply);
    const texts = [value, ...value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))];
    const line = texts.join('\n');
    expect(line).toContain(reply.text);
    const hidden = [MARKER, 'diagnosis', 'patientNotes', `"iat":${START}`].flatMap((text) => spellings(text));
    expect(hidden.filter((text) => line.includes(text))).toEqual([]);
  });

  it('is opened by jose with the derived key, and by no other', async () => {
    const reply = await (await start()).get('/write');
    const { value } = sentCookie(reply);
    const claims = { jti: reply.text, iat: START, exp: START + 1209600, data: { file: { patientNotes: [MARKER] } } };
    expect(await decrypt(value)).toEqual(claims);
    await expect(decrypt(value, { secret: OTHER_SECRET })).rejects.toThrow('decryption operation failed');
    await expect(decrypt(value, { cookieName: 'other' })).rejects.toThrow('decryption operation failed');
  });

  it('opens a token that jose has encrypted', async () => {
    const client = await start();
    await signInEncrypted(client, DATA);
    const reply = await client.get('/read');
    expect([reply.text, reply.setCookie, reasons]).toEqual([JSON.stringify([false, DATA]), [], []]);
  });

  it('carries its data to the next request', async () => {
    const client = await start();
    await client.get('/write');
    const reply = await client.get('/read');
    expect([JSON.parse(reply.text), reply.setCookie]).toEqual([[false, { file: { patientNotes: [MARKER] } }], []]);
  });

  it('names its id in the header, which regenerate() changes and a write does not', async () => {
    const client = await start();
    await signInEncrypted(client, DATA);
    const written = sentCookie(await client.get('/write')).value;
    expect(idInHeader(written)).toBe(ID);
    const reply = await client.get('/login');
    const renewed = sentCookie(reply).value;
    expect(idInHeader(renewed)).toBe(reply.text);
    expect(reply.text).toMatch(/^[\w-]{22}$/);
    expect(reply.text).not.toBe(ID);
    expect(await decrypt(renewed)).toMatchObject({ jti: reply.text, data: { user: 'tom' } });
  });

  it('looks different each time, with the same data', async () => {
    const client = await start();
    await client.get('/write');
    const values = [];
    for (let n = 0; n < 5; n++) values.push(sentCookie(await client.get('/again')).value.split('.'));
    expect(new Set(values.map(([header]) => header)).size).toBe(1);
    for (const place of [2, 3, 4]) expect(new Set(values.map((parts) => parts[place])).size).toBe(5);
  });

  describe('gives an empty new session', () => {
    it.each([0, 2, 3, 4])('when segment %i is that of another session', async (place) => {
      const client = await start();
      const [ours, theirs] = [await encrypt(DATA), await encrypt(DATA, { claims: { jti: 'B'.repeat(22) } })];
      const mixed = ours.split('.').with(place, theirs.split('.')[place] ?? '');
      await client.setCookie('session', mixed.join('.'));
      expect((await client.get('/read')).text).toBe('[true,{}]');
      expect(reasons).toEqual(['tampered']);
    });

    it.each([
      ['malformed', 'is signed only', async () => forge(DATA)],
      ['unknown-key', 'is of another secret', () => encrypt(DATA, { secret: OTHER_SECRET })],
      ['unknown-key', 'is of another cookie name', () => encrypt(DATA, { cookieName: 'other' })],
      ['malformed', 'has a shortened tag', async () => (await encrypt(DATA)).replace(/[^.]{2}$/, '')],
      ['malformed', 'has an encrypted key', async () => (await encrypt(DATA)).replace('..', '.AAAA.')],
      ['malformed', 'has a sixth segment', async () => `${await encrypt(DATA)}.AAAA`],
      ['malformed', 'is authentic but no session', () => encrypt(DATA, { payload: '[]' })],
      ['malformed', 'has another id inside', () => encrypt(DATA, { payload: payloadOfAnotherId() })],
      ['expired', 'has ended', () => encrypt(DATA, { claims: { exp: START } })],
      ['future', 'comes from the future', () => encrypt(DATA, { claims: { iat: START + 61 } })],
    ])('with the reason %s when the cookie %s', async (reason, _case, make) => {
      const client = await start();
      await client.setCookie('session', await make());
      const reply = await client.get('/read');
      expect([reply.status, reply.text, reply.setCookie]).toEqual([200, '[true,{}]', []]);
      expect(reasons).toEqual([reason]);
    });
  });
});

function payloadOfAnotherId(): string {
  return JSON.stringify({ jti: 'another', iat: START, exp: START + 1000, data: DATA });
}
