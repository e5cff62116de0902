import { describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { exactly, overhead } from '../../support/large.js';
import { routes } from '../../support/routes.js';
import { SessionFilter } from '../../support/session-filter.js';

let next = '';

const controller = routes({
  first: (session) => session.set('text', 'first'),
  write: (session) => session.update({ text: next, n: 1 }),
  read: (session) => {
    const text = session.get('text');
    return text === next ? 'next' : text;
  },
});

const TEXTS = [
  ['ASCII', ''],
  ['multi-byte text', 'äß€語😀\u2028'.repeat(40)],
  ['text that JSON escapes', '\u0000"\\\ud800'.repeat(30)],
] as const;
const FORMATS = [false, true].flatMap((encrypt) => TEXTS.map(([name, start]) => ({ encrypt, name, start })));

/** cookieCount, how many bytes are possible, and in how many cookies those are. */
const LIMITS = [
  { count: 1, limit: 4096, used: 1 },
  { count: 2, limit: 8192, used: 2 },
  { count: 3, limit: 12_288, used: 3 },
  { count: 16, limit: 12_288, used: 3 },
] as const;

describeOnEachPlatform('With cookieCount', (platform) => {
  describe.each(LIMITS)('$count, $limit bytes of Set-Cookie', ({ count, limit, used }) => {
    const start = async (cookieName: string, encrypt: boolean) => {
      const filter = new SessionFilter();
      const session = { cookieName, cookieCount: count, encrypt };
      const configure = (app: { useGlobalFilters(given: SessionFilter): unknown }) => app.useGlobalFilters(filter);
      const client = (await startApp(platform, { session, controllers: [controller], configure })).client();
      return { client, filter };
    };

    it.each(FORMATS)('are sent and come back ($name, encrypt: $encrypt)', async ({ encrypt, start: text }) => {
      for (const size of [limit - 1, limit]) {
        const session = exactly(size, used, encrypt, text);
        next = session.text;
        const { client } = await start(session.name, encrypt);
        const reply = await client.get('/write');
        const sizes = reply.setCookie.map((line) => Buffer.byteLength(line));
        expect(sizes).toEqual([...Array.from({ length: used - 1 }, () => 4096), size - 4096 * (used - 1)]);
        expect((await client.get('/read')).text).toBe('next');
      }
    });

    it.each(FORMATS)('are the most ($name, encrypt: $encrypt)', async ({ encrypt, start: text }) => {
      const session = exactly(limit + 1, used, encrypt, text);
      const { client, filter } = await start(session.name, encrypt);
      await client.get('/first');
      next = session.text;
      const reply = await client.get('/write');
      expect([reply.status, reply.text, reply.setCookie]).toEqual([507, 'ERR_SESSION_TOO_LARGE', []]);
      // What has no room in the third cookie would be in a fourth one.
      const size = limit + 1 + (count > used ? overhead(session.name, used + 1) - overhead(session.name, used) : 0);
      const why =
        count === 1
          ? `its cookie would have ${size} bytes, and browsers drop one above 4096`
          : `its cookies would have ${size} bytes, and ${limit} are possible with cookieCount ${count}: ` +
            "4096 each, and those of all sessions within what the server reads of a request's headers";
      const largest = `"text" (${Buffer.byteLength(JSON.stringify({ text: next }))} bytes), "n" (7 bytes)`;
      const message = `Cannot save the session: ${why}. Store less, or only ids; the largest keys are ${largest}.`;
      expect(filter.seen).toEqual([['ERR_SESSION_TOO_LARGE', message]]);
      expect((await client.get('/read')).text).toBe('first');
    });
  });

  it('2, one byte more than fits into one cookie begins a second one', async () => {
    const session = exactly(4097, 1, false, '');
    next = session.text;
    const options = { session: { cookieName: session.name, cookieCount: 2 }, controllers: [controller] };
    const client = (await startApp(platform, options)).client();
    const [first = '', second = ''] = (await client.get('/write')).setCookie;
    expect([first.length, second.split(';')[0]]).toEqual([4096, expect.stringMatching(/^s+e*s*\.1=[\w-]$/)]);
    expect((await client.get('/read')).text).toBe('next');
  });
});
