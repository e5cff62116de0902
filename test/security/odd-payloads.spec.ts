import { describe, expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../support/app.js';
import { routes } from '../support/routes.js';
import { chunked } from './support/headers.js';
import { authentic, MODES, settingsFor } from './support/modes.js';
import { largePayloads, oddPayloads } from './support/odd-payloads.js';
import { report } from './support/run.js';

const controller = routes({
  read: (session) => ({
    isNew: session.isNew,
    isAdmin: session.get('isAdmin') ?? null,
    inherited: 'isAdmin' in session.data,
    types: [session.get('hasOwnProperty'), session.get('valueOf')].map((value) => typeof value),
    size: session.size,
    keys: session.keys().length,
    entries: session.entries().length,
    id: session.id.length,
    times: [session.createdAt, session.expiresAt].map((date) => Number.isNaN(date.getTime())),
  }),
  write: (session) => session.set('user', 'bob'),
  all: (session) => {
    session.update({ a: 1 });
    session.pop('user');
    session.regenerate({ keep: ['a'] });
    session.maxAge = 60;
    session.touch();
    return session.isModified;
  },
  rollback: (session) => {
    session.clear();
    session.rollback();
  },
  destroy: (session) => session.destroy(),
});
const PATHS = ['/read', '/write', '/all', '/rollback', '/destroy'];

describe.each(MODES)('An authentic token with an odd payload, %s', (mode) => {
  const { codec, format } = settingsFor(mode);

  it.each([...oddPayloads(), ...largePayloads()])('is a result and no exception: %s', (_title, payload, expected) => {
    const result = codec.unseal(authentic(mode, payload));
    expect(result.ok).toBe(expected === 'session');
    if (!result.ok) return expect(result.reason).toBe('malformed');
    const data = format.accept(result.data);
    expect(Object.getPrototypeOf(data)).toBe(Object.getPrototypeOf(JSON.parse('{}')));
    expect(data).not.toHaveProperty('isAdmin');
  });
});

describeOnEachPlatform('An authentic cookie with an odd payload', (platform) => {
  it.each(MODES)('is answered 200, whatever the handler then does, %s', async (mode) => {
    const session = { encrypt: mode === 'encrypted', cookieCount: 4 };
    const client = (await startApp(platform, { session, controllers: [controller] })).client();
    const wrong: unknown[] = [];
    let requests = 0;
    for (const [title, payload, expected] of oddPayloads()) {
      const headers = { cookie: chunked(authentic(mode, payload)) };
      for (const path of PATHS) {
        const { status, text, setCookie } = await client.get(path, { headers });
        requests++;
        if (status !== 200) wrong.push([title, path, status]);
        if (path === '/write' && setCookie.length === 0) wrong.push([title, path, setCookie]);
        if (setCookie.some((line) => /Path=\/evil|^a=b/.test(line))) wrong.push([title, path, setCookie]);
        if (path !== '/read') continue;
        const { isNew, isAdmin, inherited, times } = JSON.parse(text) as Record<string, unknown>;
        if (isNew !== (expected === 'fresh') || isAdmin !== null || inherited === true) wrong.push([title, text]);
        if (String(times) !== 'false,false') wrong.push([title, text]);
      }
    }
    report(
      `${mode}, ${platform}: ${requests} requests with odd authentic payloads: ${wrong.length} not answered as they should`,
    );
    expect(wrong).toEqual([]);
  });
});
