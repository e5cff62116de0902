import { describe, expect, it } from '@jest/globals';
import { PLATFORMS, startApp, type TestApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { forge, signIn, idOf } from '../../support/tokens.js';
import { type Seen, VisitorGateway, WRITES } from './support/websocket-app.js';
import { SOCKETS } from './support/websocket-client.js';

const TOM: Seen = { user: 'tom', isNew: false, keys: ['user', 'cart'] };
const NOBODY: Partial<Seen> = { isNew: true, keys: [] };
const CART = { items: ['milk'] };

const MEMBERS: Readonly<Record<string, string>> = {
  set: 'set a value of',
  delete: 'delete a value of',
  pop: 'pop a value of',
  update: 'update',
  clear: 'clear',
  regenerate: 'regenerate',
  destroy: 'destroy',
  rollback: 'roll back',
  touch: 'touch',
  maxAge: 'set the maxAge of',
  flash: 'set a value of',
};
const IN_DATA = ['assign', 'remove', 'nested'];

const cases = PLATFORMS.flatMap((platform) => SOCKETS.map((kind) => [kind.title, platform, kind] as const));

describe.each(cases)('A gateway on %s (%s)', (_title, platform, kind) => {
  const start = (): Promise<TestApp> =>
    startApp(platform, { providers: [VisitorGateway], configure: (app) => kind.configure(app) });

  it('reads the session of the handshake when a client connects, and in its handlers', async () => {
    const started = await start();
    const socket = await kind.connect(await signedIn(started));
    expect(await socket.ask('look')).toEqual(['seen', TOM]);
    expect(await socket.ask('user')).toEqual(['seen', { user: 'tom' }]);
    expect(started.app.get(VisitorGateway).connected).toEqual([TOM]);
  });

  it('has one session for each socket, in each way of opening it', async () => {
    const started = await start();
    const client = await signedIn(started);
    const [first, second] = [await kind.connect(client), await kind.connect(client)];
    expect(await first.ask('open')).toEqual(['seen', TOM]);
    expect(await second.ask('open')).toEqual(['seen', TOM]);
    const { opened } = started.app.get(VisitorGateway);
    expect([opened.length, new Set(opened).size]).toEqual([6, 2]);
  });

  it('shows a guard the user who is logged in', async () => {
    const started = await start();
    const [tom, stranger] = [await kind.connect(await signedIn(started)), await kind.connect(started.client())];
    expect(await tom.ask('guarded')).toEqual(['seen', { user: 'tom' }]);
    expect(await stranger.ask('guarded')).toEqual(['failure', { code: 'Error', message: 'Forbidden resource' }]);
  });

  it.each([
    ['no cookie', undefined],
    ['a cookie that is none', 'nonsense'],
    ['a cookie that was tampered with', forge({ user: 'tom' }).replace(/.$/, (end) => (end === 'A' ? 'E' : 'A'))],
    ['a cookie that has expired', forge({ user: 'tom' }, { claims: { iat: 1, exp: 2 } })],
  ])('has a new, empty session for %s', async (_name, cookie) => {
    const client = (await start()).client();
    if (cookie !== undefined) await client.setCookie('session', cookie);
    expect(await (await kind.connect(client)).ask('look')).toEqual(['seen', NOBODY]);
  });

  it('shows no client the session of another', async () => {
    const started = await start();
    const names = ['tom', 'ann', 'joe'];
    const sockets = await Promise.all(
      names.map(async (name) => {
        const client = started.client();
        await signIn(client, { user: name }, { claims: { jti: idOf(name) } });
        return kind.connect(client);
      }),
    );
    const seen = await Promise.all(sockets.map((socket) => socket.ask('user')));
    expect(seen).toEqual(names.map((user) => ['seen', { user }]));
  });

  it.each(Object.keys(MEMBERS))('throws ERR_SESSION_READ_ONLY at the line of %s', async (name) => {
    const socket = await kind.connect(await signedIn(await start()));
    expect(await socket.ask('write', name)).toEqual([
      'failure',
      {
        code: 'ERR_SESSION_READ_ONLY',
        message:
          `Cannot ${MEMBERS[name]} the session: no response is known that could carry its cookie. Open it with ` +
          'its response, sessions.open(request, response); the handshake of a socket is answered already.',
      },
    ]);
    expect(await socket.ask('look')).toEqual(['seen', TOM]);
  });

  it.each(IN_DATA)('throws a TypeError at a change inside the data, which is frozen (%s)', async (name) => {
    const socket = await kind.connect(await signedIn(await start()));
    expect(await socket.ask('write', name)).toEqual(['failure', expect.objectContaining({ code: 'TypeError' })]);
    expect(await socket.ask('look')).toEqual(['seen', TOM]);
  });
});

describe('The writes that are tried', () => {
  it('are all that there are', () => {
    expect(Object.keys(WRITES)).toEqual([...Object.keys(MEMBERS), ...IN_DATA]);
  });
});

async function signedIn(started: TestApp): Promise<Client> {
  const client = started.client();
  await signIn(client, { user: 'tom', cart: CART });
  return client;
}
