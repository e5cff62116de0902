import { describe, expect, it } from '@jest/globals';
import { PLATFORMS, startApp, type TestApp } from '../../support/app.js';
import { setClock, START, stopClock } from '../../support/clock.js';
import { signIn } from '../../support/tokens.js';
import { VisitorGateway } from '../contexts/support/websocket-app.js';
import { SOCKETS } from '../contexts/support/websocket-client.js';

const TOM = ['seen', { user: 'tom', isNew: false, keys: ['user'] }];
const NOBODY = ['seen', { isNew: true, keys: [] }];
// Within what the client of socket.io waits for a ping, by the same clock: 45 seconds.
const cases = PLATFORMS.flatMap((platform) => SOCKETS.map((kind) => [kind.title, platform, kind] as const));

describe.each(cases)('A socket that outlives its session, on %s (%s)', (_title, platform, kind) => {
  const reasons: string[] = [];

  const start = async (session: object = {}): Promise<TestApp> => {
    stopClock();
    reasons.length = 0;
    return startApp(platform, {
      session: { onReject: (reason) => reasons.push(reason), ...session },
      providers: [VisitorGateway],
      configure: (app) => kind.configure(app),
    });
  };

  it('has an empty, new session from the second on in which it ends, and says once that it expired', async () => {
    const client = (await start()).client();
    await signIn(client, { user: 'tom' }, { claims: { exp: START + 20 } });
    const socket = await kind.connect(client);
    setClock(19);
    expect(await socket.ask('look')).toEqual(TOM);
    expect(reasons).toEqual([]);
    setClock(20);
    expect(await socket.ask('look')).toEqual(NOBODY);
    expect(await socket.ask('user')).toEqual(['seen', { user: null }]);
    expect(await socket.ask('guarded')).toEqual(['failure', { code: 'Error', message: 'Forbidden resource' }]);
    expect(reasons).toEqual(['expired']);
  });

  it('is held to absoluteMaxAge as well', async () => {
    const client = (await start({ absoluteMaxAge: 10 })).client();
    await signIn(client, { user: 'tom' });
    const socket = await kind.connect(client);
    setClock(9);
    expect(await socket.ask('look')).toEqual(TOM);
    setClock(10);
    expect(await socket.ask('look')).toEqual(NOBODY);
    expect(reasons).toEqual(['expired']);
  });

  it('is not kept alive by its own activity, even where sessions are rolling', async () => {
    const client = (await start({ maxAge: 30, rolling: true })).client();
    await signIn(client, { user: 'tom' }, { claims: { exp: START + 30 } });
    const socket = await kind.connect(client);
    for (const seconds of [10, 20, 29]) {
      setClock(seconds);
      expect(await socket.ask('look')).toEqual(TOM);
    }
    setClock(30);
    expect(await socket.ask('look')).toEqual(NOBODY);
  });
});
