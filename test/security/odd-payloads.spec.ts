import { describe, expect, it } from '@jest/globals';
import { FORGE } from '../interop/support/forge.js';
import { formatFor, IN_PYTHON, NAMES, open as openForeign } from '../interop/support/formats.js';
import { describeOnEachPlatform, startApp } from '../support/app.js';
import { routes } from '../support/routes.js';
import { chunked } from './support/headers.js';
import { authentic, MODES, settingsFor } from './support/modes.js';
import { largePayloads, ODD_DATA, oddPayloads } from './support/odd-payloads.js';
import { OPENERS } from './support/openers.js';
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
const MALFORMED = { ok: false, reason: 'malformed' };
const PATHS = ['/read', '/write', '/all', '/rollback', '/destroy'];

describe.each(OPENERS)('An authentic cookie, $name', ({ name, forge, open }) => {
  const isPython = IN_PYTHON.some((format) => format === name);

  it.each(ODD_DATA.filter(([, , expected]) => expected === 'session'))('is a session with %s', (_, data) => {
    const opened = open(forge(data));
    expect(opened).toMatchObject({ ok: true });
    if (opened.ok) expectPlain(opened.data, JSON.parse(data));
  });

  it.each(ODD_DATA.filter(([, , expected]) => expected === 'fresh'))('is no session with %s', (_, data) => {
    expect(open(forge(data))).toEqual(MALFORMED);
  });

  it('has NaN and large integers if Python wrote it', () => {
    const data = { n: null, id: '9007199254740993' };
    const opened = open(forge('{"n": NaN, "id": 9007199254740993}'));
    expect(opened).toMatchObject(isPython ? { ok: true, data } : MALFORMED);
  });

  it('is no session with any text in its place, and throws for none', () => {
    const [value] = forge('{}');
    const texts = [
      '',
      '.',
      '..',
      '...',
      '....',
      '=',
      'null',
      '.e30.aaaa',
      '\0',
      '\ud800',
      '😀'.repeat(9),
      'A'.repeat(4096),
    ];
    for (const text of [...texts, `.${value}`, `${value}.`]) {
      expect(open([text]).ok).toBe(false);
      expect(open([text, 'A'.repeat(27), 'B']).ok).toBe(false);
    }
  });
});

describe.each(NAMES)('An authentic cookie, %s', (name) => {
  it('is no session with bytes that are no UTF-8', () => {
    const payload = Buffer.from('7b2261223a22ff227d', 'hex');
    expect(openForeign(formatFor(name), FORGE[name](payload))).toEqual(MALFORMED);
  });
});

describe.each(MODES)('An authentic token, %s', (mode) => {
  const { codec, format } = settingsFor(mode);

  it.each([...oddPayloads(), ...largePayloads()])(
    'is a result and no exception with %s',
    (_title, payload, expected) => {
      const result = codec.unseal(authentic(mode, payload));
      const data = result.ok ? format.accept(result.data) : undefined;
      expect(data === undefined ? 'fresh' : 'session').toBe(expected);
      if (!result.ok) expect(result.reason).toBe('malformed');
      if (data !== undefined) expectPlain(data);
    },
  );
});

function expectPlain(data: object, expected?: unknown): void {
  expect(Object.getPrototypeOf(data)).toBe(Object.getPrototypeOf(JSON.parse('{}')));
  expect(data).not.toHaveProperty('isAdmin');
  // An own key each: what objects have by themselves is hidden and not replaced.
  if (expected !== undefined) expect(Object.entries(data)).toEqual(Object.entries(expected as object));
}

describeOnEachPlatform('An authentic cookie with an odd payload', (platform) => {
  it.each(MODES)('is answered 200 by each kind of handler, %s', async (mode) => {
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
