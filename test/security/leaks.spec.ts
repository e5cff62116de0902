import { beforeAll, describe, expect, it } from '@jest/globals';
import { SessionError, SessionInterceptor, SessionManager, SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp, type TestApp } from '../support/app.js';
import type { Client, Reply } from '../support/client.js';
import { thrownBy } from '../support/errors.js';
import { exchangeWith } from '../support/exchange.js';
import { idInHeader } from '../support/jose.js';
import { contentKey, deriveKey } from '../support/keys.js';
import { controller, EveryLine, failing, FAILURES, MARKER, sessions } from './support/leak-scenario.js';
import { ERROR_MESSAGE, shown, spellings } from '../support/spellings.js';
import { claimsOf } from '../support/tokens.js';

/** What the scenario brings into the log. */
const LINES = [
  'Ignored a session cookie: tampered.',
  'Ignored a session cookie: malformed.',
  'onReject threw',
  'may be stored by shared caches',
  'was made after the response headers had left',
  '"bad[0]" cannot be written as JSON, it is a BigInt',
];

/** What reaches the exception filters in it. */
const CODES = [
  'ERR_SESSION_NOT_SERIALIZABLE',
  'ERR_SESSION_TOO_LARGE',
  'ERR_SESSION_KEY_FORBIDDEN',
  'ERR_SESSION_MAX_AGE_INVALID',
  'ERR_SESSION_HEADERS_SENT',
];

describeOnEachPlatform('No secret and no value is shown', (platform) => {
  describe.each([[false], [true]])('(encrypt: %s)', (encrypt) => {
    const logger = new EveryLine();
    const tokens = new Set<string>();
    const answers: unknown[] = [];
    let running: TestApp;

    const keep = ({ setCookie, status, text, headers }: Reply) => {
      for (const line of setCookie) tokens.add(line.slice('session='.length, line.indexOf(';')));
      answers.push([status, text, { ...headers, 'set-cookie': undefined }]);
    };
    const go = async (client: Client, path: string, cookie?: string) =>
      keep(await client.get(path, cookie === undefined ? {} : { headers: { cookie } }));

    // The whole scenario once; the tests look at what it leaves behind.
    beforeAll(async () => {
      sessions.length = 0;
      const options = { encrypt, secretKey: [SECRET, OTHER_SECRET], onReject: failing };
      running = await startApp(platform, { session: options, controllers: [controller], logger });
      const quiet = await startApp(platform, { session: { encrypt }, controllers: [controller], logger });
      const client = running.client();
      for (const path of ['/write', '/read', '/regenerate']) await go(client, path);
      for (const path of Object.keys(FAILURES)) await go(client, `/${path}`);
      const [token = ''] = tokens;
      for (const bad of [
        `${token}x`,
        token.slice(0, -1),
        altered(token),
        `${token}.${token}`,
        MARKER,
        `${token},${token}`,
      ]) {
        await go(client, '/read', `session=${bad}`);
        await go(quiet.client(), '/read', `session=${bad}; other=${SECRET}`);
      }
    });

    /** Whatever must not be seen, in each spelling. */
    const hidden = () => {
      const ids = [...tokens]
        .filter((token) => token !== '')
        .map((token) => (encrypt ? idInHeader(token) : claimsOf(token).jti));
      const secrets = [SECRET, OTHER_SECRET];
      const ringKeys = secrets.flatMap((secret) =>
        (['HS256', 'A256GCM'] as const).map((algorithm) => deriveKey(secret, algorithm).key),
      );
      const contentKeys = secrets.flatMap((secret) =>
        ids.map((id) => contentKey(deriveKey(secret, 'A256GCM').key, id)),
      );
      const parts = [...tokens].flatMap((token) => token.split('.').slice(1)).filter((part) => part.length > 10);
      return [...[...secrets, MARKER, ...ringKeys, ...contentKeys].flatMap((secret) => spellings(secret)), ...parts];
    };
    const leaksOf = (value: unknown) => {
      const text = shown(value);
      return hidden().filter((secret) => text.includes(secret));
    };

    it('and this test would notice', () => {
      const [token = ''] = tokens;
      expect(tokens.size).toBeGreaterThanOrEqual(3);
      for (const value of [SECRET, Buffer.from(SECRET), [...Buffer.from(SECRET)], `x${MARKER}`, token]) {
        expect(leaksOf({ deep: [{ value }] })).not.toEqual([]);
        expect(leaksOf(Object.assign(new Error('no'), { value }))).not.toEqual([]);
      }
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        expect(leaksOf(new Error(Buffer.from(`an answer: ${SECRET}!`).toString(encoding)))).not.toEqual([]);
      }
    });

    it('by the log, which names each problem', () => {
      const text = shown(logger.lines);
      for (const line of LINES) expect(text).toContain(line);
      expect(leaksOf(logger.lines)).toEqual([]);
    });

    it('by the errors that reach the exception filters', () => {
      const errors = logger.lines.flat().filter((part) => part instanceof SessionError);
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(CODES));
      for (const { message } of errors) expect(message).toMatch(ERROR_MESSAGE);
      expect(errors.flatMap(leaksOf)).toEqual([]);
    });

    it('by the errors of open() without a request, and of a change without a response', () => {
      const manager = running.app.get(SessionManager);
      const [token = ''] = tokens;
      const { request } = exchangeWith(`session=${token}`);
      const errors = [() => manager.open({ MARKER }), () => manager.open(request).clear()].map(thrownBy);
      expect(errors.map((error) => (error as SessionError).code)).toEqual([
        'ERR_SESSION_NO_REQUEST',
        'ERR_SESSION_READ_ONLY',
      ]);
      for (const error of errors) expect((error as SessionError).message).toMatch(ERROR_MESSAGE);
      expect(leaksOf(errors)).toEqual([]);
    });

    it('by an answer that is an error', () => {
      expect(answers.length).toBeGreaterThan(20);
      expect(leaksOf(answers)).toEqual([]);
    });

    it('by objects that are injected or handed out, in each way of printing', () => {
      const { app } = running;
      expect(sessions).toHaveLength(1);
      for (const value of [app.get(SessionManager), app.get(SessionInterceptor), app.get(SessionModule), ...sessions]) {
        expect(leaksOf(value)).toEqual([]);
      }
    });

    it.each([
      ['text', SECRET],
      ['Buffer', Buffer.from(SECRET)],
      ['list', [SECRET, Buffer.from(OTHER_SECRET)]],
    ])('by the module that forRoot() makes (%s)', (_kind, secretKey) => {
      expect(leaksOf(SessionModule.forRoot({ secretKey, encrypt }))).toEqual([]);
      expect(leaksOf(SessionModule.forRootAsync({ useFactory: () => ({ secretKey, encrypt }) }))).toEqual([]);
    });
  });
});

/** Another character in the midst of the longest segment. */
function altered(token: string): string {
  const parts = token.split('.');
  const longest = parts.reduce((a, b) => (b.length > a.length ? b : a));
  return token.replace(longest, longest.slice(0, 30) + (longest[30] === 'A' ? 'B' : 'A') + longest.slice(31));
}
