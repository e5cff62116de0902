import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SessionManager } from '../../lib/session/session.manager.js';
import type { SessionModuleOptions } from '../../lib/options/session.options.js';
import type { SessionService } from '../../lib/session/session.service.js';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../support/app.js';
import { setClock, START, stopClock } from '../support/clock.js';
import { exchangeWith } from '../support/exchange.js';
import { FORMS } from '../support/forms.js';
import { routes } from '../support/routes.js';
import { resolveSettings } from '../support/settings.js';
import { SEED } from './support/run.js';

const DATA = { n: 1, text: 'x', list: [1, { deep: [2] }], user: { name: 'ada', tags: ['a'] } };

/** Opens the session of a request with this cookie. */
function open(manager: SessionManager, token: string): SessionService {
  const { request, response } = exchangeWith(`session=${token}`);
  return manager.open(request, response);
}

/** Everything that a request can do to a session. */
const ACTS: Readonly<Record<string, (session: SessionService) => unknown>> = {
  'set a number': (session) => session.set('n', 2),
  'set an object': (session) => session.set('user', { name: 'eve' }),
  'set a new key': (session) => session.set('more', true),
  'change deep inside data': (session) => (session.data.list[1].deep[0] = 'changed'),
  'change a value got': (session) => session.get('user').tags.push('b'),
  'change an entry': (session) => session.entries().map(([, value]) => value?.length && (value.length = 0)),
  'pop a number': (session) => session.pop('n'),
  'pop an object, and change it': (session) => (session.pop('user', { name: '' }).name = 'eve'),
  'delete a key': (session) => session.delete('text'),
  'clear it': (session) => session.clear(),
  'update it': (session) => session.update({ n: 3, list: [] }),
  'regenerate, keeping an object': (session) => session.regenerate({ keep: ['user'] }),
  'destroy it': (session) => session.destroy(),
  'put a flash value': (session) => session.flash('saved', { yes: true }),
  'roll back': (session) => session.rollback(),
  'sort a list': (session) => session.data.list?.reverse?.(),
  'replace what is shared, by its prototype': (session) => Object.setPrototypeOf(session.data, { evil: 1 }),
};

/** What a request sees of its session. */
function shown(session: SessionService): string {
  return JSON.stringify([session.entries(), session.isModified, session.size]);
}

describe.each(FORMS)('A remembered $name token', ({ encrypt }) => {
  const settings = (options: Partial<SessionModuleOptions> = {}) =>
    resolveSettings({ secretKey: SECRET, encrypt, ...options });
  const claims = { jti: 'AAECAwQFBgcICQoLDA0ODw', iat: Math.floor(Date.now() / 1000) };
  const tokenFor = (data: object) =>
    settings().codec.seal({ ...claims, exp: claims.iat + 1000, ttl: undefined }, JSON.stringify(data));

  it('shows no request what another one with the same cookie does', () => {
    process.stdout.write(`remembered tokens: fast-check seed ${SEED}\n`);
    const manager = new SessionManager(settings());
    const token = tokenFor(DATA);
    const act = fc.constantFrom(...Object.keys(ACTS));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), act), { maxLength: 12 }), (steps) => {
        const sessions = [0, 1, 2].map(() => open(manager, token));
        const alone = sessions.map(() => open(new SessionManager(settings()), token));
        for (const [which, name] of steps) {
          for (const each of [sessions[which], alone[which]]) {
            try {
              if (each !== undefined) ACTS[name]?.(each);
            } catch (error) {
              // A value that is gone already, as in another order of the same steps.
              expect(error).toBeInstanceOf(TypeError);
            }
          }
        }
        expect(sessions.map(shown)).toEqual(alone.map(shown));
        expect(JSON.stringify(Object.fromEntries(open(manager, token).entries()))).toBe(JSON.stringify(DATA));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('is known to the codec of its own secret and cookie name only', () => {
    const token = tokenFor(DATA);
    const [own, other, named] = [
      new SessionManager(settings()),
      new SessionManager(settings({ secretKey: OTHER_SECRET })),
      new SessionManager(settings({ cookieName: 'admin' })),
    ];
    for (let times = 0; times < 4; times++) expect(open(own, token).isNew).toBe(false);
    expect(open(other, token).isNew).toBe(true);
    const { request, response } = exchangeWith(`admin=${token}`);
    expect(named.open(request, response).isNew).toBe(true);
  });

  it('is re-issued each time as long as its secret is an older one', () => {
    const manager = new SessionManager(settings({ secretKey: [OTHER_SECRET, SECRET] }));
    const token = tokenFor(DATA);
    const sent = Array.from({ length: 4 }, () => {
      const { request, response } = exchangeWith(`session=${token}`);
      expect(manager.open(request, response).get('n')).toBe(1);
      response.writeHead(200);
      return String(response.getHeader('set-cookie')).startsWith('session=');
    });
    expect(sent).toEqual([true, true, true, true]);
  });

  it('is validated by the schema each time, which gets a copy that it may change', () => {
    let isOpen = true;
    const validate = (value: unknown) => {
      (value as typeof DATA).user.name = 'changed by the schema';
      return isOpen ? { value } : { issues: [{ message: 'closed' }] };
    };
    const schema = { '~standard': { version: 1 as const, vendor: 'test', validate } };
    const manager = new SessionManager(settings({ schema }));
    const without = new SessionManager(settings());
    const token = tokenFor(DATA);
    for (let times = 0; times < 3; times++) {
      expect(open(manager, token).get('user').name).toBe('changed by the schema');
      expect(open(without, token).get('user').name).toBe('ada');
    }
    isOpen = false;
    expect(open(manager, token).isNew).toBe(true);
  });

  it('is parsed by the serializer each time', () => {
    let parses = 0;
    const parse = (text: string): unknown => {
      parses++;
      return JSON.parse(text);
    };
    const withSerializer = settings({ serializer: { stringify: JSON.stringify, parse } });
    const manager = new SessionManager(withSerializer);
    const text = JSON.stringify(JSON.stringify(DATA));
    const token = withSerializer.codec.seal({ ...claims, exp: claims.iat + 1000, ttl: undefined }, text);
    const users = Array.from({ length: 4 }, () => open(manager, token).get('user'));
    expect(parses).toBeGreaterThanOrEqual(4);
    expect(new Set(users).size).toBe(4);
  });
});

describeOnEachPlatform('A remembered token', (platform) => {
  beforeEach(stopClock);
  const controller = routes({
    read: (session) => `${session.isNew} ${JSON.stringify(session.get('user'))}`,
    change: (session) => (session.get('user').name += '!'),
  });

  describe.each(FORMS)('($name)', ({ encrypt, forge }) => {
    const cookieFor = async (data: object) => ({
      headers: { cookie: `session=${await forge({ ...data }, { claims: { iat: START, exp: START + 1000 } })}` },
    });
    const start = async (session: object) =>
      (await startApp(platform, { session: { encrypt, ...session }, controllers: [controller] })).client();

    it('ends at the second at which it would end otherwise', async () => {
      const client = await start({ maxAge: 1000 });
      const cookie = await cookieFor(DATA);
      for (let times = 0; times < 3; times++) expect((await client.get('/read', cookie)).text).toMatch(/^false/);
      setClock(999);
      expect((await client.get('/read', cookie)).text).toMatch(/^false/);
      setClock(1000);
      expect((await client.get('/read', cookie)).text).toMatch(/^true/);
    });

    it('ends at absoluteMaxAge, too', async () => {
      const client = await start({ maxAge: 1000, absoluteMaxAge: 500 });
      const cookie = await cookieFor(DATA);
      for (let times = 0; times < 3; times++) expect((await client.get('/read', cookie)).text).toMatch(/^false/);
      setClock(500);
      expect((await client.get('/read', cookie)).text).toMatch(/^true/);
    });

    it('does not carry the change of one request to the next', async () => {
      const client = await start({});
      const cookie = await cookieFor(DATA);
      for (let times = 0; times < 4; times++) {
        expect((await client.get('/change', cookie)).setCookie).toHaveLength(1);
        expect((await client.get('/read', cookie)).text).toBe(`false ${JSON.stringify(DATA.user)}`);
      }
    });

    it.each([true, false])('answers the same with rememberVerified: %s', async (rememberVerified) => {
      const client = await start({ rememberVerified });
      const cookie = await cookieFor(DATA);
      const texts = [];
      for (let times = 0; times < 4; times++) texts.push((await client.get('/read', cookie)).text);
      expect(new Set(texts)).toEqual(new Set([`false ${JSON.stringify(DATA.user)}`]));
    });
  });
});
