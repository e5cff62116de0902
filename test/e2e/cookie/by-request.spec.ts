import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { SessionFilter } from '../../support/session-filter.js';
import { RecordingLogger } from '../../support/log.js';
import { sentCookie } from '../../support/tokens.js';

const controller = routes({
  plain: () => 'ok',
  write: (session) => session.set('user', 'tom'),
  logout: (session) => session.destroy(),
  raw: (session, response) => {
    session.set('user', 'tom');
    response.send('sent');
  },
});

const TENANTS: Readonly<Record<string, string>> = { 'shop.a.org': 'a.org', 'shop.b.org': 'b.org' };
const domain = ({ headers }: IncomingMessage) => TENANTS[headers.host ?? ''];

const isEmbedded = ({ headers }: IncomingMessage) => headers.host === 'embed.org';

describeOnEachPlatform('Attributes that depend on the request', (platform) => {
  const start = async (session: Partial<SessionModuleOptions>) => {
    const filter = new SessionFilter();
    const logger = new RecordingLogger();
    const configure = (app: { useGlobalFilters(filter: SessionFilter): unknown }) => app.useGlobalFilters(filter);
    const app = await startApp(platform, { session, controllers: [controller], configure, logger });
    const get = (path: string, host: string, cookie?: string) =>
      app.client().get(path, { headers: { host, ...(cookie !== undefined && { cookie }) } });
    return { get, filter, logger };
  };

  it('are those of the tenant, and a deletion follows', async () => {
    const { get } = await start({ domain });
    for (const [host, expected] of Object.entries(TENANTS)) {
      for (let times = 0; times < 2; times++) {
        expect(sentCookie(await get('/write', host)).attributes).toContain(`Domain=${expected}`);
      }
      const { setCookie } = await get('/logout', host, 'session=x');
      expect(setCookie.map((line) => /Domain=[^;]*/.exec(line)?.[0])).toEqual([`Domain=${expected}`, undefined]);
    }
    const other = await get('/write', 'elsewhere.org');
    expect(sentCookie(other).attributes.filter((attribute) => attribute.startsWith('Domain'))).toEqual([]);
    expect((await get('/logout', 'elsewhere.org', 'session=x')).setCookie).toHaveLength(1);
  });

  it('are asked for where a cookie is sent only', async () => {
    const asked: (string | undefined)[] = [];
    const { get } = await start({ domain: ({ url }) => void asked.push(url) });
    await get('/plain', 'a.org');
    await get('/logout', 'a.org');
    expect(asked).toEqual([]);
    await get('/write', 'a.org');
    expect(asked.every((url) => url === '/write')).toBe(true);
    expect(asked).not.toEqual([]);
  });

  it('may be Secure and SameSite, also beside large sessions and foreign formats', async () => {
    const { get } = await start({
      secure: (request) => isEmbedded(request) || undefined,
      sameSite: (request) => (isEmbedded(request) ? 'none' : undefined),
    });
    const embedded = sentCookie(await get('/write', 'embed.org')).attributes;
    expect(embedded).toEqual(expect.arrayContaining(['Secure', 'SameSite=None']));
    const other = sentCookie(await get('/write', 'a.org')).attributes;
    expect(other).toContain('SameSite=Lax');
    expect(other).not.toContain('Secure');
  });

  it.each<[string, Partial<SessionModuleOptions>, string]>([
    [
      'an impossible domain',
      { domain: ({ headers }) => headers.host },
      '"domain": its function returned a value that is not possible. Give a host name such as "example.org".',
    ],
    [
      'a promise',
      { domain: (() => Promise.reject(new Error('no'))) as never },
      '"domain": its function returned a value that is not possible. Give a host name such as "example.org".',
    ],
    [
      'an impossible Secure',
      { secure: () => 'yes' as never },
      '"secure": its function returned a value that is not possible. Give true or false or "auto".',
    ],
    [
      'an impossible SameSite',
      { sameSite: () => 'None' as never },
      '"sameSite": its function returned a value that is not possible. Give "lax" or "strict" or "none".',
    ],
    [
      'a function that throws',
      {
        sameSite: () => {
          throw new Error(SECRET);
        },
      },
      '"sameSite": its function threw. Let it return a value for every request.',
    ],
    [
      'values that do not go together',
      { sameSite: () => 'none', secure: () => 'auto' },
      '"sameSite": "none" is for cookies that are always Secure. Set secure: true. ' +
        'Chrome and Firefox accept such a cookie from http://localhost too; Safari does not.',
    ],
    [
      'a prefix that needs Secure',
      { cookieName: '__Secure-id', secure: () => false },
      '"cookieName": its prefix is for cookies that are always Secure. Set secure: true. ' +
        'Chrome and Firefox accept such a cookie from http://localhost too; Safari does not.',
    ],
  ])('are checked as constants are: %s', async (_, options, message) => {
    const { get, filter, logger } = await start(options);
    const expected = `Cannot use the session option ${message}`;
    expect((await get('/write', 'a.org:80')).status).toBe(507);
    expect(filter.seen).toEqual([['ERR_SESSION_OPTION_INVALID', expected]]);
    const sent = await get('/raw', 'a.org:80');
    expect([sent.text, sent.setCookie]).toEqual(['sent', []]);
    expect(logger.lines).toEqual([{ level: 'error', message: expected }]);
  });
});

describe('SessionModule.forRoot()', () => {
  it('takes functions at start as they are', () => {
    expect(() =>
      SessionModule.forRoot({ secretKey: SECRET, domain, secure: () => true, sameSite: () => 'none' as const }),
    ).not.toThrow();
  });
});
