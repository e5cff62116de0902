import { expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { SessionModuleOptions } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';
import { VisitorGateway } from '../contexts/support/websocket-app.js';
import { SOCKETS } from '../contexts/support/websocket-client.js';

const begin = routes({ begin: (session) => session.set('user', 'tom') });

describeOnEachPlatform('A gateway', (platform) => {
  const begun = async (kind: (typeof SOCKETS)[number], session: Pick<SessionModuleOptions, 'store'>) => {
    const providers = [VisitorGateway];
    const configure = (app: INestApplication) => kind.configure(app);
    const { app, client } = await startApp(platform, { session, controllers: [begin], providers, configure });
    const visitor = client();
    await visitor.get('/begin');
    return { app, visitor };
  };

  it.each(SOCKETS)('reads the session of the handshake at once ($title)', async (kind) => {
    const store = new TestStore();
    const { app, visitor } = await begun(kind, { store });
    const socket = await kind.connect(visitor);
    expect(await socket.ask('user')).toEqual(['seen', { user: 'tom' }]);
    // The handshake by polling is an ordinary request, and its session on the socket is for reading all the same.
    expect(await socket.ask('write', 'set')).toEqual([
      'failure',
      expect.objectContaining({ code: 'ERR_SESSION_READ_ONLY' }),
    ]);
    expect(app.get(VisitorGateway).connected).toEqual([expect.objectContaining({ user: 'tom' })]);
  });

  it.each(SOCKETS)(
    'reads the session of the handshake, where its data is in the cookie and it has a record ($title)',
    async (kind) => {
      const store = new TestStore();
      const { app, visitor } = await begun(kind, { store: { store, data: 'cookie' } });
      const socket = await kind.connect(visitor);
      expect(await socket.ask('user')).toEqual(['seen', { user: 'tom' }]);
      expect(app.get(VisitorGateway).connected).toEqual([expect.objectContaining({ user: 'tom' })]);
      await store.revoke();
      const late = await kind.connect(visitor);
      expect(await late.ask('user')).toEqual(['seen', { user: null }]);
    },
  );
});
