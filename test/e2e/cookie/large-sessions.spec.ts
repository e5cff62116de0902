import { describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp, type TestApp } from '../../support/app.js';
import { Client, type Reply } from '../../support/client.js';
import { noise } from '../../support/large.js';
import { routes } from '../../support/routes.js';
import { DELETION } from '../../support/tokens.js';

/** What is next written, and what was last read. */
let next: unknown;
let last: unknown;

const controller = routes({
  write: (session) => session.set('text', next),
  read: (session) => {
    last = session.get('text');
    return String(session.isNew);
  },
  destroy: (session) => session.destroy(),
  clear: (session) => session.clear(),
  readAndDestroy: (session) => {
    last = session.get('text');
    session.destroy();
  },
});

/** Text of so many characters that needs this many cookies. */
const FOR_COOKIES = [0, 500, 4000, 7000];
const NAMES = [[], ['session'], ['session', 'session.1'], ['session', 'session.1', 'session.2']];

const names = (reply: Reply) => reply.setCookie.map((line) => line.slice(0, line.indexOf('=')));
const deletion = (name: string) => DELETION.replace('session=', `${name}=`);

describeOnEachPlatform('A session that is spread over several cookies', (platform) => {
  const reasons: string[] = [];
  const start = (session: object = {}): Promise<TestApp> => {
    reasons.length = 0;
    const onReject = (reason: string) => void reasons.push(reason);
    return startApp(platform, { session: { cookieCount: 3, onReject, ...session }, controllers: [controller] });
  };

  describe.each([[false], [true]])('(encrypt: %s)', (encrypt) => {
    it('grows and shrinks, and the browser never keeps a stale cookie', async () => {
      const client = (await start({ encrypt })).client();
      let before = 0;
      for (const count of [1, 2, 3, 2, 1, 3, 1, 2, 2, 3, 3]) {
        const reply = await write(client, count);
        expect(names(reply)).toEqual(NAMES[Math.max(count, before)]);
        expect(reply.setCookie.slice(count)).toEqual((NAMES[before] ?? []).slice(count).map(deletion));
        expect(Math.max(...reply.setCookie.map((line) => line.length))).toBeLessThanOrEqual(4096);
        expect(await client.cookieNames()).toEqual(NAMES[count]);
        await expectNext(client);
        before = count;
      }
      expect(reasons).toEqual([]);
    });

    it.each(['destroy', 'clear', 'readAndDestroy'])('is deleted as a whole by /%s', async (path) => {
      const client = (await start({ encrypt })).client();
      await write(client, 3);
      const reply = await client.get(`/${path}`);
      expect(reply.setCookie).toEqual(['session', 'session.1', 'session.2'].map(deletion));
      expect(await client.cookieNames()).toEqual([]);
      expect((await client.get('/read')).text).toBe('true');
    });
  });

  it('repeats the attributes in each cookie, and in each deletion', async () => {
    const client = (await start({ path: '/', domain: 'localhost', secure: true, priority: 'high' })).client();
    const attributes = '; Domain=localhost; Path=/; HttpOnly; Secure; Priority=High; SameSite=Lax';
    const sent = (await write(client, 3)).setCookie.map((line) => line.replace(/^[^;]*; Max-Age=1209600/, ''));
    expect(sent.map(sorted)).toEqual([attributes, attributes, attributes].map(sorted));
    const headers = { cookie: 'session=a; session.2=c' };
    const deleted = (await client.get('/destroy', { headers })).setCookie;
    const expired = `; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT${attributes}`;
    const hostOnly = expired.replace('; Domain=localhost', '');
    const lines = ['session=', 'session.2='].flatMap((pair) => [pair + expired, pair + hostOnly]);
    expect(deleted.map(sorted)).toEqual(lines.map(sorted));
  });

  describe('with other cookies of its names in the request', () => {
    it.each([
      ['a stray one behind the last', (own: string) => `${own}; session.2=stray`],
      ['stray ones far behind the last', (own: string) => `session.9=a; ${own}; session.15=b; session.16=c`],
      ['a second one of each name, in front', (own: string) => `session=junk; session.1=junk; ${own}`],
      ['a second one of each name, behind', (own: string) => `${own}; session=junk; session.1=junk`],
      ['the chunks in another order', (own: string) => own.split('; ').toReversed().join('; ')],
      ['an empty one beside', (own: string) => `session=; ${own}; session.2=`],
    ])('is found all the same: %s', async (_case, add) => {
      const client = (await start()).client();
      await write(client, 2);
      const cookie = add(await client.jar.getCookieString(client.url));
      const reply = await client.get('/read', { headers: { cookie } });
      expect([reply.text, last === next, reply.setCookie]).toEqual(['false', true, []]);
    });

    it.each([
      ['the first is missing', (own: readonly string[]) => own.slice(1)],
      ['one in the middle is missing', ([a = '', , c = '']: readonly string[]) => [a, c]],
      ['the last is missing', (own: readonly string[]) => own.slice(0, 2)],
      ['two have changed places', ([a = '', b = '', c = '']: readonly string[]) => [a, swap(b), swap(c)]],
    ])('is a new session when %s, and a write leaves nothing stale', async (_case, choose) => {
      const app = await start();
      const whole = app.client();
      await write(whole, 3);
      const client = app.client();
      for (const pair of choose((await whole.jar.getCookieString(app.url)).split('; '))) await client.keep(pair);
      expect((await client.get('/read')).text).toBe('true');
      next = 'short';
      await client.get('/write');
      expect(await client.cookieNames()).toEqual(['session']);
      await expectNext(client);
    });
  });

  it('leaves no stale chunk when the application goes back to one cookie', async () => {
    const large = (await start()).client();
    await write(large, 3);
    const app = await start({ cookieCount: 1 });
    const client = new Client(app.url);
    const headers = { cookie: await large.jar.getCookieString(large.url) };
    expect((await client.get('/read', { headers })).text).toBe('true');
    next = 'short';
    const reply = await client.get('/write', { headers });
    expect(names(reply)).toEqual(['session', 'session.1', 'session.2']);
    expect(reply.setCookie.slice(1)).toEqual(['session.1', 'session.2'].map(deletion));
  });
});

/** Writes a session that needs so many cookies. */
function write(client: Client, count: number): Promise<Reply> {
  next = noise(FOR_COOKIES[count] ?? 0);
  return client.get('/write');
}

/** Reads the session, which must be the one written last. */
async function expectNext(client: Client): Promise<void> {
  const reply = await client.get('/read');
  expect([reply.status, reply.text, reply.setCookie]).toEqual([200, 'false', []]);
  expect(last === next).toBe(true);
}

function sorted(line: string): string[] {
  return line.split('; ').toSorted();
}

/** Gives the value of `session.1` to `session.2`, and the other way round. */
function swap(pair: string): string {
  return pair.replace(/(?<=^session\.)[12]/, (index) => (index === '1' ? '2' : '1'));
}
