import { expect, it } from '@jest/globals';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { routes } from '../../support/routes.js';
import { TestStore } from '../../support/stores.js';

const subject = ({ user }: { user?: string }) => user;

describeOnEachPlatform('A session whose data moves from the cookie to the store', (platform) => {
  it.each([
    ['/logout', 'save', '{}'],
    ['/enter', 'create', '{"user":"eve"}'],
    ['/regenerate', 'create', '{"user":"ada"}'],
    ['/write', 'save', '{"user":"ada","n":1}'],
    ['/remember', 'save', '{"user":"ada"}'],
  ])(
    'is saved, goes on or ends where an instance that is not replaced yet gives it a lifetime at the same time: %s',
    async (path, command, expected) => {
      const store = new TestStore();
      const controllers = [
        routes({
          begin: (session) => session.set('user', 'ada'),
          short: (session) => (session.maxAge = 60),
          remember: (session) => (session.maxAge = 600),
          write: (session) => session.set('n', 1),
          logout: (session) => void session.delete('user'),
          enter: (session) => session.set('user', 'eve'),
          regenerate: (session) => session.regenerate({ keep: ['user'] }),
          read: (session) => JSON.stringify(session.data),
        }),
      ];
      const before = await startApp(platform, { session: { store: { store, subject, data: 'cookie' } }, controllers });
      const after = await startApp(platform, { session: { store: { store, subject } }, controllers });
      const [old, visitor] = [before.client(), after.client()];
      await old.get('/begin');
      await visitor.setCookie('session', (await old.cookie()) ?? '');
      store.before = async (each) => {
        if (each !== command) return;
        store.before = () => undefined;
        await old.get('/short');
      };
      const { status } = await visitor.get(path);
      expect([status, (await visitor.get('/read')).text]).toEqual([200, expected]);
    },
  );
});
