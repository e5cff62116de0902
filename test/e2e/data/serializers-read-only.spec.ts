import { expect, it } from '@jest/globals';
import { SessionManager, type SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { SERIALIZERS } from '../../support/serializers.js';

const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['self'] = { again: cycle };

const VALUES: Readonly<Record<string, unknown>> = {
  date: new Date('2026-01-02T12:00:00.000Z'),
  map: new Map([['a', { set: new Set([1]) }]]),
  bytes: Uint8Array.of(1, 2, 3),
  cycle,
};

const controller = routes(
  Object.fromEntries(
    Object.entries(VALUES).map(([name, value]) => [name, (session: SessionService) => session.set('value', value)]),
  ),
);

/** A WebSocket's handshake, say: what is opened there can be read only. */
describeOnEachPlatform('Where no response is there, with a serializer', (platform) => {
  it.each(Object.keys(VALUES))('the session can be read, and is frozen (%s)', async (name) => {
    const running = await startApp(platform, {
      session: { serializer: SERIALIZERS.devalue },
      controllers: [controller],
    });
    const visitor = running.client();
    await visitor.get(`/${name}`);
    const headers = { cookie: await visitor.jar.getCookieString(running.url) };
    const [sessions, request] = [running.app.get(SessionManager), { headers, url: '/' }];
    // With a store: no server has announced the request.
    await sessions.load(request);
    const session = sessions.open(request);
    expect(session.get('value')).toEqual(VALUES[name]);
    expect(() => (session.data.value = 1)).toThrow(TypeError);
  });
});
