import { describe, expect, it } from '@jest/globals';
import * as devalue from 'devalue';
import {
  SessionModule,
  type SessionModuleOptions,
  type SessionRejectReason,
  type SessionSchema,
  type SessionService,
} from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { COOKIES_OF_A_CHANGE } from '../../support/saved.js';
import { SessionFilter } from '../../support/session-filter.js';
import { forge, sentClaims, signIn, idOf } from '../../support/tokens.js';
import { SCHEMA_LIBRARIES } from './support/schema-libraries.js';

const ASYNC = [
  'ERR_SESSION_SCHEMA_ASYNC',
  'Cannot validate the session: its schema validates asynchronously, and a session is loaded synchronously, at its ' +
    'first touch. Use a schema without asynchronous checks and transforms.',
];

const throwing = {
  get value(): never {
    throw new TypeError('no value');
  },
};
const circular: Record<string, unknown> = {};
circular['self'] = [circular];

const controller = routes({
  plain: () => 'ok',
  read: (session) => ({ isNew: session.isNew, isModified: session.isModified, data: session.data }),
  visit: (session) => session.set('visits', (session.get('visits') ?? 0) + 1),
  add: (session) => session.data['cart'].items.push('tea'),
  leave: (session) => session.flash('notice', 'Saved.'),
  take: (session) => ({ notice: session.flash('notice') }),
});

/** A schema written by hand, which gives this back. */
const giving = (validate: SessionSchema['~standard']['validate']): SessionSchema => ({
  '~standard': { version: 1, vendor: 'hand', validate },
});

describeOnEachPlatform('A schema', (platform) => {
  const start = (session: Partial<SessionModuleOptions>) => startApp(platform, { session, controllers: [controller] });

  describe.each(SCHEMA_LIBRARIES)('of $name', (library) => {
    const { visits, migrating, defaults, frozen } = library;

    it('lets through data that it accepts', async () => {
      const client = (await start({ schema: visits })).client();
      await signIn(client, { visits: 3 });
      const read = await client.get('/read');
      expect(JSON.parse(read.text)).toEqual({ isNew: false, isModified: false, data: { visits: 3 } });
      expect(read.setCookie).toEqual([]);
      expect(sentClaims(await client.get('/visit')).data).toEqual({ visits: 4 });
    });

    it.each([
      ['another type', { visits: '3' }],
      ['another value', { visits: -1 }],
      ['a missing key', {}],
      ['an unknown key', { visits: 3, admin: true }],
    ])('makes a fresh session of data that it refuses: %s', async (_, data) => {
      const reasons: SessionRejectReason[] = [];
      const app = await start({ schema: visits, onReject: (reason) => reasons.push(reason) });
      const client = app.client();
      const old = await signIn(client, data);
      const read = await client.get('/read');
      expect(JSON.parse(read.text)).toEqual({ isNew: true, isModified: false, data: {} });
      expect(reasons).toEqual(['schema']);
      expect(read.setCookie).toEqual([]);
      await expect(client.cookie()).resolves.toBe(old);
      expect(sentClaims(await client.get('/visit')).data).toEqual({ visits: 1 });
    });

    it('is not asked about a session that begins', async () => {
      const reasons: SessionRejectReason[] = [];
      const client = (await start({ schema: visits, onReject: (reason) => reasons.push(reason) })).client();
      expect(JSON.parse((await client.get('/read')).text).data).toEqual({});
      expect(reasons).toEqual([]);
    });

    it('migrates an old shape, which sends no cookie by itself', async () => {
      const client = (await start({ schema: migrating })).client();
      await signIn(client, { name: 'Tom' });
      const read = await client.get('/read');
      expect(JSON.parse(read.text)).toEqual({ isNew: false, isModified: false, data: { user: { name: 'Tom' } } });
      expect(read.setCookie).toEqual([]);
      const written = sentClaims(await client.get('/visit'));
      expect(written.data).toEqual({ user: { name: 'Tom' }, visits: 1 });
    });

    it('leaves a migrated shape as it is', async () => {
      const client = (await start({ schema: migrating })).client();
      await signIn(client, { user: { name: 'Tom' } });
      expect(JSON.parse((await client.get('/read')).text).data).toEqual({ user: { name: 'Tom' } });
    });

    it('gives defaults, which send no cookie by themselves', async () => {
      const client = (await start({ schema: defaults })).client();
      await signIn(client, { theme: 'dark' });
      const read = await client.get('/read');
      expect(JSON.parse(read.text).data).toEqual({ theme: 'dark', cart: { items: [] } });
      expect(read.setCookie).toEqual([]);
    });

    it('gives each session defaults of its own', async () => {
      const app = await start({ schema: defaults });
      const [tom, ann] = [app.client(), app.client()];
      await signIn(tom, { theme: 'dark' });
      await signIn(ann, { theme: 'dark' }, { claims: { jti: idOf('ann') } });
      const written = sentClaims(await tom.get('/add'));
      expect(written.data).toEqual({ theme: 'dark', cart: { items: ['tea'] } });
      expect(JSON.parse((await ann.get('/read')).text).data).toEqual({ theme: 'dark', cart: { items: [] } });
    });

    it('gives data that can be changed, even if it froze it', async () => {
      const client = (await start({ schema: frozen })).client();
      await signIn(client, { visits: 3 });
      expect(sentClaims(await client.get('/visit')).data).toEqual({ visits: 4 });
    });

    it('never sees flash values, and never loses them', async () => {
      const client = (await start({ schema: visits })).client();
      await signIn(client, { visits: 3 });
      const left = sentClaims(await client.get('/leave'));
      expect(left.data).toEqual({ visits: 3, $flash: { notice: 'Saved.' } });
      expect(JSON.parse((await client.get('/take')).text)).toEqual({ notice: 'Saved.' });
      expect(JSON.parse((await client.get('/read')).text).data).toEqual({ visits: 3 });
    });
  });
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
    expect(JSON.parse((await client.get('/read')).text)).toMatchObject({ isNew: true });
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
    ['returns nothing', giving(() => undefined as never)],
    ['returns null', giving(() => null as never)],
    ['returns a number', giving(() => 7 as never)],
    ['returns a text', giving(() => 'then' as never)],
    ['has a getter that throws', giving(() => ({ value: throwing }))],
    ['returns a result with a getter that throws', giving(() => throwing)],
    ['gives a value that contains itself', giving(() => ({ value: circular }))],
    ['gives a nested key "__proto__"', giving(() => ({ value: JSON.parse('{"a":[{"__proto__":{"b":1}}]}') }))],
    ['gives a key "__proto__"', giving(() => ({ value: JSON.parse('{"__proto__":{"admin":true}}') }))],
  ])('that %s refuses', async (_, schema) => {
    const { client, reasons } = await start(schema);
    await signIn(client, { visits: 1 });
    expect(JSON.parse((await client.get('/read')).text)).toMatchObject({ isNew: true });
    expect(reasons).toEqual(['schema']);
  });
});

describeOnEachPlatform('A schema beside a serializer', (platform) => {
  const start = async (serializer: SessionModuleOptions['serializer'], value: () => unknown) => {
    const reasons: string[] = [];
    const onReject = (reason: string) => reasons.push(reason);
    const session = { serializer, schema: giving((data) => ({ value: value() ?? data })), onReject };
    return { client: (await startApp(platform, { session, controllers: [controller] })).client(), reasons };
  };

  it('may give a value that contains itself, if the serializer carries it', async () => {
    const { client, reasons } = await start(devalue, () => circular);
    await client.get('/visit');
    const reply = await client.get('/visit');
    expect([reply.status, reply.setCookie.length, reasons]).toEqual([200, COOKIES_OF_A_CHANGE, []]);
  });
});

describeOnEachPlatform('A serializer that reads what no session can be', (platform) => {
  it.each<[string, () => unknown]>([
    ['an object with a getter that throws', () => throwing],
    ['one far inside', () => ({ a: [new Map([['b', throwing]])] })],
    ['a nested key "__proto__"', () => JSON.parse('{"a":{"__proto__":{"b":1}}}')],
    ['nothing', () => undefined],
  ])('makes the session new: %s', async (_, parse) => {
    const reasons: string[] = [];
    const session = {
      serializer: { stringify: JSON.stringify, parse },
      onReject: (reason: string) => reasons.push(reason),
    };
    const client = (await startApp(platform, { session, controllers: [controller] })).client();
    await client.get('/visit');
    const reply = await client.get('/read');
    expect([reply.status, JSON.parse(reply.text).isNew, reasons]).toEqual([200, true, ['malformed']]);
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

/** A Date as text; other values as they are. */
function shown(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

describeOnEachPlatform('The output of a schema', (platform) => {
  class Visitor {
    constructor(readonly name: string) {}
    hello(): string {
      return `hello ${this.name}`;
    }
  }
  const schema = giving((value) => {
    const { since, name } = value as { since: string; name: string };
    return { value: { since: new Date(since), user: new Visitor(name), name } };
  });
  const uses: Readonly<Record<string, (session: SessionService) => unknown>> = {
    get: (session) => [session.get('since'), session.get('user').hello()],
    data: (session) => [session.data.since, session.data.user.hello()],
    entries: (session) => {
      const all = Object.fromEntries(session.entries());
      return [all.since, all.user.hello()];
    },
    primitive: (session) => [session.get('name')],
  };
  const handlers = Object.fromEntries(
    Object.entries(uses).map(([name, use]) => [
      name,
      (session: SessionService) => {
        const seen = use(session);
        return [...(seen as unknown[]).map(shown), session.isModified];
      },
    ]),
  );

  it.each(Object.keys(uses))('is what the handler gets, and reading it sends nothing (%s)', async (name) => {
    const cookie = { headers: { cookie: `session=${forge({ since: '2026-01-02T00:00:00.000Z', name: 'ada' })}` } };
    const client = (
      await startApp(platform, { session: { schema: schema }, controllers: [routes(handlers)] })
    ).client();
    for (let times = 0; times < 3; times++) {
      const reply = await client.get(`/${name}`, cookie);
      const expected = name === 'primitive' ? ['ada', false] : ['2026-01-02T00:00:00.000Z', 'hello ada', false];
      expect([JSON.parse(reply.text), reply.setCookie]).toEqual([expected, []]);
    }
  });
});
