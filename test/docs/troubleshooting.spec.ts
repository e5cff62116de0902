import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CallHandler } from '@nestjs/common';
import * as devalue from 'devalue';
import { readdirSync, readFileSync } from 'node:fs';
import { SessionInterceptor, SessionModule } from 'nestjs-sessions';
import type { SessionErrorCode, SessionModuleOptions, SessionRejectReason } from 'nestjs-sessions';
import ts from 'typescript';
import { z } from 'zod';
import { OTHER_SECRET, SECRET, startApp } from '../support/app.js';
import { setClock, START, stopClock } from '../support/clock.js';
import { readPage, sectionsOf } from '../support/documents.js';
import { errorOfRejected } from '../support/errors.js';
import { exchangeWith } from '../support/exchange.js';
import { managerWith, type Opened, openSession } from '../support/open-session.js';
import { routes } from '../support/routes.js';
import { SessionFilter } from '../support/session-filter.js';
import { resolveSettings } from '../support/settings.js';
import { TestStore } from '../support/stores.js';
import { forge, ID } from '../support/tokens.js';

const PAGE = 'docs/troubleshooting.md';
const CHAPTERS = sectionsOf(readPage(PAGE), 2);
const REASONS = sectionsOf(CHAPTERS.get('Reasons of onReject') ?? '', 3);
const CODES = sectionsOf(CHAPTERS.get('Error codes') ?? '', 3);
const LINES = sectionsOf(CHAPTERS.get('Lines in the log') ?? '', 3);

const forRoot = (options: object) => SessionModule.forRoot({ secretKey: SECRET, ...options } as SessionModuleOptions);
const change = (act: (opened: Opened) => unknown) => () => act(openSession({ n: 1 }));

/** The cookie of a session whose data is in a store. */
function storedToken(): string {
  const claims = { jti: ID, iat: START, exp: START + 1000, ttl: undefined, st: 1 } as const;
  return resolveSettings({ secretKey: SECRET }).codec.seal(claims, '');
}

/** A session that is in a store, and was not fetched. */
function openStored(options: Partial<SessionModuleOptions>) {
  const manager = managerWith(options);
  const { request, response } = exchangeWith(`session=${storedToken()}`);
  return { session: manager.open(request, response), load: () => manager.load(request, response) };
}

async function loadStored(options: Partial<SessionModuleOptions>) {
  const { session, load } = openStored(options);
  await load();
  return session;
}

/** Ends all sessions of the person whose session is being created. */
async function revokeSubject(store: TestStore): Promise<void> {
  const [, { subject }] = JSON.parse(store.seen.at(-1) ?? '') as [key: string, session: { subject: string }];
  await store.deleteAllOf(subject, Date.now() / 1000 + 1);
}

/** Does what the page says of a code, and throws. */
const MISTAKES: Readonly<Record<SessionErrorCode, () => unknown>> = {
  ERR_SESSION_OPTION_UNKNOWN: () => forRoot({ maxage: 60 }),
  ERR_SESSION_OPTION_INVALID: () => forRoot({ maxAge: 0.5 }),
  ERR_SESSION_SECRET_MISSING: () => forRoot({ secretKey: '' }),
  ERR_SESSION_SECRET_TOO_SHORT: () => forRoot({ secretKey: 'short' }),
  ERR_SESSION_KEY_FORBIDDEN: change(({ session }) => session.set('__proto__', 1)),
  ERR_SESSION_MAX_AGE_INVALID: change(({ session }) => (session.maxAge = 0.5)),
  ERR_SESSION_NOT_SERIALIZABLE: change(({ session, manager, request }) => {
    session.set('cart', new Map());
    manager.seal(request);
  }),
  ERR_SESSION_TOO_LARGE: change(({ session, manager, request }) => {
    session.set('cart', 'x'.repeat(5000));
    manager.seal(request);
  }),
  ERR_SESSION_MISUSED: change(({ session }) => Object.assign(session, { user: 'ada' })),
  ERR_SESSION_HEADERS_SENT: change(({ session, response }) => {
    response.writeHead(200);
    session.set('user', 'ada');
  }),
  ERR_SESSION_READ_ONLY: () => managerWith().open(exchangeWith().request).set('user', 'ada'),
  ERR_SESSION_NO_REQUEST: () => managerWith().open({}),
  ERR_SESSION_NO_CURRENT: () => managerWith().current(),
  ERR_SESSION_SCHEMA_ASYNC: () => {
    const schema = z.object({}).refine(async () => true);
    return openSession({ n: 1 }, {}, { schema }).session.size;
  },
  ERR_SESSION_STORE_UNAVAILABLE: async () => {
    const store = new TestStore();
    store.before = () => Promise.reject(new Error('The server is down.'));
    return (await loadStored({ store })).size;
  },
  ERR_SESSION_NOT_LOADED: () => openStored({ store: new TestStore() }).session.size,
  ERR_SESSION_REVOKED: async () => {
    const store = new TestStore();
    const { session, manager, request } = openSession<{ user: string }>(
      undefined,
      {},
      {
        store: { store, subject: ({ user }) => user as string },
      },
    );
    session.set('user', 'ada');
    store.before = (command) => (command === 'create' ? revokeSubject(store) : undefined);
    await manager.save(request);
  },
  ERR_SESSION_NOT_BOUND: () => {
    throw new Error('Needs an application: see below.');
  },
};

/** Cookies that are rejected, with the options that reject them. */
const COOKIES: Readonly<Record<SessionRejectReason, readonly [cookie: () => string, options?: object]>> = {
  malformed: [() => forge({}), { encrypt: true }],
  'too-large': [() => 'x'.repeat(5000)],
  'unknown-key': [() => forge({}, { secret: OTHER_SECRET })],
  tampered: [() => forge({}).slice(0, -1)],
  expired: [() => forge({}, { claims: { exp: START } })],
  future: [() => forge({}, { claims: { iat: START + 61 } })],
  schema: [() => forge({}), { schema: z.object({ user: z.string() }) }],
  revoked: [storedToken, { store: new TestStore() }],
  stored: [storedToken],
};

describe.each([
  ['error code', CODES, 'lib/session.errors.ts', 'SessionErrorCode'],
  ['reason of onReject', REASONS, 'lib/codec/session-codec.ts', 'SessionRejectReason'],
])('docs/troubleshooting.md', (kind, sections, file, type) => {
  it(`has a heading for each ${kind}, and for no other`, () => {
    expect([...sections.keys()].toSorted()).toEqual(membersOf(file, type).toSorted());
  });

  it.each([...sections])(`says of the ${kind} %s what you see, why, and what to do`, (_, section) => {
    for (const item of ['You see', 'Why', 'Do']) {
      expect(section.match(new RegExp(`^- \\*\\*${item}:\\*\\*\\s+\\S`, 'gm'))).toHaveLength(1);
    }
  });
});

describe('What docs/troubleshooting.md shows of an error', () => {
  beforeEach(stopClock);

  const thrown = Object.entries(MISTAKES).filter(([code]) => code !== 'ERR_SESSION_NOT_BOUND');

  it.each(thrown)('is thrown for the mistake: %s', async (code, mistake) => {
    const error = await errorOfRejected((async () => mistake())());
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(messageOf(code))]);
  });

  it('is thrown for the mistake: ERR_SESSION_NOT_BOUND', async () => {
    const filter = new SessionFilter();
    const app = await startApp('express', {
      controllers: [routes({ read: (session) => session.size })],
      configure: (nest) => nest.useGlobalFilters(filter),
      override: (builder) =>
        builder
          .overrideProvider(SessionInterceptor)
          .useValue({ intercept: (_: unknown, next: CallHandler) => next.handle() }),
    });
    await app.client().get('/read');
    expect(filter.seen).toEqual([
      ['ERR_SESSION_NOT_BOUND', expect.stringContaining(messageOf('ERR_SESSION_NOT_BOUND'))],
    ]);
  });
});

describe('What docs/troubleshooting.md says of a reason', () => {
  beforeEach(stopClock);

  it.each(Object.entries(COOKIES))('is so: %s', async (reason, [cookie, options]) => {
    expect(await reasonsOf(`session=${cookie()}`, options)).toEqual([reason]);
  });

  it.each<
    [change: string, reason: string, before: Partial<SessionModuleOptions>, after: Partial<SessionModuleOptions>]
  >([
    ['another secret', 'unknown-key', {}, { secretKey: OTHER_SECRET }],
    ['encrypt', 'malformed', {}, { encrypt: true }],
    ['no encrypt', 'malformed', { encrypt: true }, {}],
    ['no serializer any more', 'malformed', { serializer: devalue }, {}],
    ['a lower cookieCount', 'malformed', { cookieCount: 2 }, { cookieCount: 1 }],
    ['a lower maxAge', 'expired', {}, { maxAge: 60 }],
    ['a stricter schema', 'schema', {}, { schema: z.object({ id: z.number() }) }],
  ])('is so after a deploy with %s: %s', async (_, reason, before, after) => {
    const opened = openSession(undefined, {}, before);
    opened.session.set('large', before.cookieCount === undefined ? '' : 'x'.repeat(4000));
    const cookie = opened
      .send()
      .map((line) => line.split(';')[0])
      .join('; ');
    setClock(600);
    expect(await reasonsOf(cookie, after)).toEqual([reason]);
    // The old configuration still takes it.
    expect(await reasonsOf(cookie, before)).toEqual([]);
  });
});

describe('The lines of docs/troubleshooting.md in the log', () => {
  const folder = new URL('../../lib/session/', import.meta.url);
  const sources = readdirSync(folder)
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('')
    // Texts are broken over lines.
    .replaceAll(/['`] \+\s+['`]/g, '');

  it.each(
    [...LINES.values()].flatMap((section) => [...section.matchAll(/^- `(.*?)`/gm)].map(([, line = '']) => [line])),
  )('are logged: %s', (line) => expect(sources.includes(line)).toBe(true));
});

/** The members of a union of texts. */
function membersOf(file: string, name: string): string[] {
  const source = ts.createSourceFile(file, readPage(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === name);
  if (found === undefined) throw new Error(`There is no type ${name} in ${file}.`);
  const { type } = found as ts.TypeAliasDeclaration;
  return (type as ts.UnionTypeNode).types.map((each) => each.getText(source).slice(1, -1));
}

/** The message that the page shows of a code. */
function messageOf(code: string): string {
  const [, message] = /^- \*\*You see:\*\*[^]*?`(Cannot .*?)`/m.exec(CODES.get(code) ?? '') ?? [];
  if (message === undefined) throw new Error(`${PAGE} shows no message of ${code}.`);
  return message;
}

/** What onReject is told of a Cookie header. */
async function reasonsOf(cookie: string, options: Partial<SessionModuleOptions> = {}): Promise<string[]> {
  const reasons: string[] = [];
  const manager = managerWith({ ...options, onReject: (reason) => void reasons.push(reason) });
  const { request, response } = exchangeWith(cookie);
  await manager.load(request, response);
  expect(manager.open(request, response).isNew).toBe(reasons.length > 0);
  return reasons;
}
