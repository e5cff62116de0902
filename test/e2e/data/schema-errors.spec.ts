import { describe, expect, it } from '@jest/globals';
import { SessionModule, type SessionModuleOptions, type SessionSchema } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { SessionFilter } from '../../support/session-filter.js';
import { signIn } from '../../support/tokens.js';
import { SCHEMA_LIBRARIES } from './support/schema-libraries.js';

const ASYNC = [
  'ERR_SESSION_SCHEMA_ASYNC',
  'Cannot validate the session: its schema validates asynchronously, and a session is loaded synchronously, at its ' +
    'first touch. Use a schema without asynchronous checks and transforms.',
];

const controller = routes({
  plain: () => 'ok',
  read: (session) => ({ isNew: session.isNew }),
});

/** A schema written by hand, which gives this back. */
const giving = (validate: SessionSchema['~standard']['validate']): SessionSchema => ({
  '~standard': { version: 1, vendor: 'hand', validate },
});

describeOnEachPlatform('A schema', (platform) => {
  const start = async (schema: SessionSchema) => {
    const filter = new SessionFilter();
    const reasons: string[] = [];
    const session: Partial<SessionModuleOptions> = { schema, onReject: (reason) => reasons.push(reason) };
    const configure = (app: { useGlobalFilters(filter: SessionFilter): unknown }) => app.useGlobalFilters(filter);
    const app = await startApp(platform, { session, controllers: [controller], configure });
    return { client: app.client(), filter, reasons };
  };

  it.each([
    ...SCHEMA_LIBRARIES.map(({ name, asynchronous }) => [`one of ${name}`, asynchronous] as const),
    ['one that rejects when nobody waits for it', giving(() => Promise.reject(new Error('too late')))] as const,
  ])('that is asynchronous is an ordinary error at the first touch: %s', async (_, schema) => {
    const { client, filter } = await start(schema);
    await signIn(client, { visits: 1 });
    expect((await client.get('/plain')).status).toBe(200);
    const reply = await client.get('/read');
    expect([reply.status, reply.text, reply.setCookie]).toEqual([507, 'ERR_SESSION_SCHEMA_ASYNC', []]);
    expect(filter.seen).toEqual([ASYNC]);
  });

  it('that is asynchronous does nothing where no cookie came', async () => {
    const { client, filter } = await start(giving(() => Promise.resolve({ value: {} })));
    expect(JSON.parse((await client.get('/read')).text)).toEqual({ isNew: true });
    expect(filter.seen).toEqual([]);
  });

  it.each<[string, SessionSchema]>([
    [
      'throws',
      giving(() => {
        throw new TypeError('no user');
      }),
    ],
    ['gives nothing', giving(() => ({ value: undefined }))],
    ['gives null', giving(() => ({ value: null }))],
    ['gives a text', giving(() => ({ value: 'Tom' }))],
    ['gives a list', giving(() => ({ value: ['Tom'] }))],
    ['gives a key "__proto__"', giving(() => ({ value: JSON.parse('{"__proto__":{"admin":true}}') }))],
  ])('that %s refuses', async (_, schema) => {
    const { client, reasons } = await start(schema);
    await signIn(client, { visits: 1 });
    expect(JSON.parse((await client.get('/read')).text)).toEqual({ isNew: true });
    expect(reasons).toEqual(['schema']);
  });
});

describe('The option "schema"', () => {
  it.each([
    ['null', null],
    ['text', 'zod'],
    ['a function', () => ({})],
    ['an object', {}],
    ['an object with "~standard" of another kind', { '~standard': { version: 1, vendor: 'x' } }],
    ['a class', Date],
  ])('is an error at start if it is %s', (_, schema) => {
    const options = { secretKey: SECRET, schema } as unknown as SessionModuleOptions;
    expect(() => SessionModule.forRoot(options)).toThrow(
      expect.objectContaining({
        code: 'ERR_SESSION_OPTION_INVALID',
        message:
          'Cannot use the session option "schema": its value is not possible. ' +
          'Give a schema that implements Standard Schema, such as one of zod or valibot.',
      }),
    );
  });
});
