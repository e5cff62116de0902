import { afterEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { SessionManager, SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';

const controller = routes({
  write: (session) => session.set('n', 1),
  read: (session) => session.get('n'),
  remember: (session) => (session.maxAge = 14 * 24 * 3600 * 1000),
});

const TRUST =
  'Trust it: app.set("trust proxy", 1) on Express, new FastifyAdapter({ trustProxy: 1 }) on Fastify, for one proxy.';
const DROPPED =
  'The session cookie is Secure, but the request came over plain HTTP: browsers drop such a cookie from any host but ' +
  'localhost, and the session stays empty. Serve it over HTTPS, or set secure: "auto". If a proxy ends TLS, have it ' +
  'send X-Forwarded-Proto: https.';
const UNTRUSTED = `The session cookie is not Secure: X-Forwarded-Proto says https, but the proxy is not trusted. ${TRUST}`;
const PRODUCTION =
  'The session cookie is not Secure: NODE_ENV is production, but the request came over plain HTTP. Serve it over ' +
  `HTTPS. If a proxy ends TLS, have it send X-Forwarded-Proto: https. ${TRUST} If plain HTTP is meant, set secure: false.`;

const environment = process.env['NODE_ENV'];
afterEach(() => {
  process.env['NODE_ENV'] = environment;
});

interface Case {
  readonly session?: Partial<SessionModuleOptions>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isProduction?: boolean;
  readonly trustProxy?: boolean;
}

const OUTSIDE = { host: 'shop.example.org' };
const FORWARDED = { ...OUTSIDE, 'x-forwarded-proto': 'https' };

describeOnEachPlatform('A session cookie over plain HTTP', (platform) => {
  it.each<[string, string[], Case]>([
    ['secure: true', [DROPPED], { session: { secure: true }, headers: OUTSIDE }],
    ['secure: true, and an address', [DROPPED], { session: { secure: true }, headers: { host: '10.0.0.1:3000' } }],
    [
      'secure: true, and no https',
      [DROPPED],
      { session: { secure: true }, headers: { ...FORWARDED, 'x-forwarded-proto': 'http' } },
    ],
    [
      'secure: true, and a name that only ends so',
      [DROPPED],
      { session: { secure: true }, headers: { host: 'mylocalhost' } },
    ],
    ['secure: true behind a proxy', [], { session: { secure: true }, headers: FORWARDED }],
    ['secure: true on 127.0.0.1', [], { session: { secure: true } }],
    ['secure: true on localhost', [], { session: { secure: true }, headers: { host: 'localhost:3000' } }],
    ['secure: true on a name below localhost', [], { session: { secure: true }, headers: { host: 'shop.LOCALHOST' } }],
    ['secure: true on ::1', [], { session: { secure: true }, headers: { host: '[::1]:3000' } }],
    ['a proxy that is not trusted', [UNTRUSTED], { headers: FORWARDED }],
    [
      'two proxies that are not trusted',
      [UNTRUSTED],
      { headers: { ...FORWARDED, 'x-forwarded-proto': 'https, http' } },
    ],
    ['a proxy that is not trusted, in production', [UNTRUSTED], { headers: FORWARDED, isProduction: true }],
    ['a proxy that is trusted', [], { headers: FORWARDED, trustProxy: true, isProduction: true }],
    ['a proxy, and secure: false', [], { headers: FORWARDED, session: { secure: false } }],
    ['production', [PRODUCTION], { headers: OUTSIDE, isProduction: true }],
    [
      'production, behind a trusted proxy that says http',
      [PRODUCTION],
      { headers: { ...FORWARDED, 'x-forwarded-proto': 'http' }, isProduction: true, trustProxy: true },
    ],
    ['production, on this machine', [], { isProduction: true }],
    ['production, and secure: false', [], { headers: OUTSIDE, isProduction: true, session: { secure: false } }],
    ['no production', [], { headers: OUTSIDE }],
  ])('is warned of once, where there is reason to: %s', async (_, messages, given) => {
    if (given.isProduction === true) process.env['NODE_ENV'] = 'production';
    const logger = new RecordingLogger();
    const app = await startApp(platform, {
      controllers: [controller],
      session: given.session ?? {},
      trustProxy: given.trustProxy ?? false,
      logger,
    });
    const headers = given.headers ?? {};
    await app.client().get('/read', { headers });
    expect(logger.lines).toEqual([]);
    for (let round = 0; round < 2; round++) {
      expect((await app.client().get('/write', { headers })).setCookie).toHaveLength(1);
    }
    expect(logger.lines).toEqual(messages.map((message) => ({ level: 'warn', message })));
  });

  it('is warned of where a session has a lifetime in milliseconds', async () => {
    const logger = new RecordingLogger();
    const app = await startApp(platform, { controllers: [controller], logger });
    for (let round = 0; round < 2; round++) expect((await app.client().get('/remember')).status).toBe(200);
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message:
          'The maxAge of a session is 1209600000 seconds, which are 14000 days: browsers keep a cookie for at most 400 ' +
          'days. Give seconds, not milliseconds.',
      },
    ]);
  });
});

const linesAtStart = async (options: Partial<SessionModuleOptions>) => {
  const logger = new RecordingLogger();
  const module = await Test.createTestingModule({ imports: [SessionModule.forRoot(SECRET, options)] })
    .setLogger(logger)
    .compile();
  expect(module.get(SessionManager).name).toBe('default');
  await module.close();
  return logger.lines;
};

describe('A lifetime beyond what browsers keep', () => {
  it.each(['maxAge', 'absoluteMaxAge'] as const)('is warned of at start: %s', async (option) => {
    expect(await linesAtStart({ [option]: 34_560_000 })).toEqual([]);
    expect(await linesAtStart({ [option]: 34_560_001 })).toEqual([
      {
        level: 'warn',
        message:
          `The session option "${option}" is 34560001 seconds, which are 400 days: browsers keep a cookie for at most 400 ` +
          'days. Give seconds, not milliseconds.',
      },
    ]);
  });
});
